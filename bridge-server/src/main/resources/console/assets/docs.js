// The reference of the API, drawn from /openapi.json. Text only is ever written into the page.

const VERBS = ['get', 'post', 'put', 'patch', 'delete'];
let description;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  for (const child of children) made.append(child);
  return made;
}

/** `code` in text becomes an element; nothing else is markup. */
function prose(text) {
  return String(text).split('`').map((part, i) => (i % 2 ? element('code', {}, part) : part));
}

/** A path that is broken before a slash, and nowhere else while there is room. */
function breakable(path) {
  const parts = path.split(/(?=\/)/).flatMap((part, i) => (i ? [element('wbr'), part] : [part]));
  return element('span', {}, ...parts);
}

function paragraph(text) {
  return element('p', {}, ...prose(text));
}

function resolve(node) {
  if (!node || !node.$ref) return node || {};
  const found = node.$ref.slice(2).split('/').reduce((at, step) => at[step], description);
  const { $ref, ...beside } = node;
  return merge(resolve(found), beside);
}

/** A schema beside a reference adds to what is referred to. */
function merge(base, beside) {
  const merged = { ...base, ...beside };
  if (base.properties && beside.properties) merged.properties = { ...base.properties, ...beside.properties };
  if (Array.isArray(base.required) && Array.isArray(beside.required)) {
    merged.required = [...base.required, ...beside.required];
  }
  if (base.examples && !beside.examples && (beside.properties || beside.required)) delete merged.examples;
  return merged;
}

function typeOf(given) {
  const schema = resolve(given);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const several = schema.anyOf || schema.oneOf;
  if (several) return several.map(typeOf).join(' or ');
  if (schema.type === 'array' || (Array.isArray(schema.type) && schema.type.includes('array'))) {
    return `list of ${typeOf(schema.items)}`;
  }
  const types = [].concat(schema.type || (schema.properties ? 'object' : 'any'));
  return types.join(' or ') + (schema.format ? `, ${schema.format}` : '');
}

function limits(schema) {
  const words = [];
  if (schema.default !== undefined) words.push(`Default ${JSON.stringify(schema.default)}.`);
  if (schema.minimum !== undefined) words.push(`At least ${schema.minimum}.`);
  if (schema.maximum !== undefined) words.push(`At most ${schema.maximum}.`);
  if (schema.maxLength !== undefined) words.push(`At most ${schema.maxLength} characters.`);
  if (schema.pattern) words.push(`Pattern \`${schema.pattern}\`.`);
  return words.join(' ');
}

function row(name, schema, required, said) {
  const label = element('td', {}, element('code', {}, name));
  if (required) label.append(' ', element('span', { class: 'must' }, 'required'));
  const words = [said || schema.description || '', limits(schema)].filter(Boolean).join(' ');
  return element('tr', {}, label, element('td', { class: 'type' }, typeOf(schema)), element('td', {}, ...prose(words)));
}

function rows(schema, prefix, depth) {
  const made = [];
  for (const [name, given] of Object.entries(schema.properties || {})) {
    const field = resolve(given);
    made.push(row(prefix + name, field, (schema.required || []).includes(name)));
    if (depth < 2) {
      const inner = resolve(field.items || {});
      if (field.properties) made.push(...rows(field, `${prefix}${name}.`, depth + 1));
      else if (inner.properties) made.push(...rows(inner, `${prefix}${name}[].`, depth + 1));
    }
  }
  return made;
}

function example(given, depth = 0) {
  const schema = resolve(given);
  if (schema.examples && schema.examples.length) return schema.examples[0];
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const several = schema.anyOf || schema.oneOf;
  if (several) return example(several.find((one) => resolve(one).type !== 'null') || several[0], depth);
  const type = [].concat(schema.type || (schema.properties ? 'object' : 'string'))[0];
  if (type === 'array') return depth < 4 ? [example(schema.items, depth + 1)] : [];
  if (type === 'object') {
    const made = {};
    for (const [name, field] of Object.entries(schema.properties || {})) {
      if (depth < 4) made[name] = example(field, depth + 1);
    }
    return made;
  }
  if (type === 'integer' || type === 'number') return schema.minimum || 1;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return schema.format === 'date-time' ? '2026-11-21T12:00:00Z' : 'text';
}

function body(title, content) {
  const made = [];
  for (const [type, media] of Object.entries(content || {})) {
    const schema = resolve(media.schema);
    made.push(element('h4', {}, `${title}: ${type}`));
    if (schema.description) made.push(paragraph(schema.description));
    const fields = rows(schema, '', 0);
    if (fields.length) made.push(element('table', { class: 'fields' }, ...fields));
    if (type.endsWith('json')) {
      const shown = media.example !== undefined ? media.example : example(media.schema);
      made.push(element('pre', {}, element('code', {}, JSON.stringify(shown, null, 2))));
    }
  }
  return made;
}

function command(verb, path, operation) {
  const open = operation.security && (!operation.security.length || !Object.keys(operation.security[0]).length);
  const where = `"${location.origin}${path.replace(/\{(\w+)\}/g, (_, name) => `$${name.toUpperCase()}`)}"`;
  const parts = [`curl ${verb === 'get' ? '' : `-X ${verb.toUpperCase()} `}${where}`];
  if (!open) parts.push('-H "Authorization: Bearer $TOKEN"');
  const json = operation.requestBody && operation.requestBody.content['application/json'];
  if (json) {
    parts.push('-H "Content-Type: application/json"');
    const body = JSON.stringify(json.example !== undefined ? json.example : example(json.schema), null, 2);
    parts.push(`-d '${body.replaceAll("'", "'\\''").replaceAll('\n', '\n  ')}'`);
  }
  return element('pre', {}, element('code', {}, parts.join(' \\\n  ')));
}

function drawn(verb, path, operation, shared) {
  const made = element('article', { class: 'operation', id: operation.operationId });
  made.append(element('h3', {}, element('span', { class: `verb ${verb}` }, verb.toUpperCase()), element('code', {}, breakable(path))));
  made.append(paragraph(operation.summary || ''));
  if (operation.description) made.append(paragraph(operation.description));
  const parameters = [...(shared || []), ...(operation.parameters || [])].map(resolve);
  if (parameters.length) {
    made.append(element('h4', {}, 'Parameters'));
    made.append(element('table', { class: 'fields' }, ...parameters.map((p) =>
      row(`${p.name} (${p.in})`, resolve(p.schema), p.required, p.description))));
  }
  made.append(element('h4', {}, 'Try it'), command(verb, path, operation));
  if (operation.requestBody) made.append(...body('Body', operation.requestBody.content));
  for (const [status, given] of Object.entries(operation.responses || {})) {
    const response = resolve(given);
    if (status === 'default' || Number(status) >= 400) {
      made.append(element('h4', {}, `${status === 'default' ? 'Otherwise' : status}: ${response.description || ''}`));
      continue;
    }
    made.append(element('h4', {}, `${status}: ${response.description || ''}`));
    made.append(...body('Answer', response.content));
  }
  return made;
}

function draw() {
  const page = document.getElementById('reference');
  const contents = document.getElementById('contents');
  page.append(...description.info.description.split('\n').filter(Boolean).map(paragraph));
  for (const tag of description.tags) {
    const section = element('section', { id: `tag-${tag.name}` }, element('h2', {}, tag.name), paragraph(tag.description));
    contents.append(element('h2', {}, tag.name));
    for (const [path, item] of Object.entries(description.paths)) {
      for (const verb of VERBS) {
        const operation = item[verb];
        if (!operation || operation.tags[0] !== tag.name) continue;
        section.append(drawn(verb, path, operation, item.parameters));
        contents.append(element('a', { href: `#${operation.operationId}` },
          element('span', { class: `verb ${verb}` }, verb.toUpperCase()), breakable(path.replace('/v1', '') || '/')));
      }
    }
    page.append(section);
  }
  document.getElementById('state').remove();
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  description = await (await fetch('/openapi.json')).json();
  draw();
  document.documentElement.dataset.drawn = 'yes';
} catch (fault) {
  document.getElementById('state').textContent = `The description could not be read: ${fault.message}`;
}
