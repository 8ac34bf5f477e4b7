/** The start page: this server's own addresses in its examples, and whether it takes calls. */
const $ = (id) => document.getElementById(id);
const sipPort = document.querySelector("meta[name=sip-port]").content;

function showExamples() {
  const code = $("code").value.trim().toLowerCase() || "abc-defg-hij";
  $("sip").textContent = `sip:${code}@${location.hostname}${sipPort}`;
  $("snippet").textContent =
    `import { join } from "${location.origin}/roomline.js";\n` + `const room = await join({ code: "${code}", name: "Ada" });`;
}

async function showHealth() {
  let ready = false;
  try {
    ready = (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    // Not reachable is not ready.
  }
  $("health").dataset.ready = ready;
  $("health").textContent = ready ? "Ready for calls" : "Takes no calls now";
}

$("code").addEventListener("input", showExamples);
$("open-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = $("code").value.trim();
  if (code) location.assign(`/join/${encodeURIComponent(code)}`);
  else $("code").focus();
});
showExamples();
showHealth();
setInterval(showHealth, 10_000);
