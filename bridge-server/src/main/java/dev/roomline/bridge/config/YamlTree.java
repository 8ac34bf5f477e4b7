package dev.roomline.bridge.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * YAML text to a {@link Tree}. Aliases are followed, within a budget of nodes and a depth that no
 * honest file reaches, so that a few nested aliases cannot unfold into gigabytes.
 */
final class YamlTree {
    private static final int MAX_NODES = 50_000;
    private static final int MAX_DEPTH = 24;
    private static final int MAX_CODE_POINTS = 2_000_000;

    private final List<Fault> faults;
    private int nodes;

    private YamlTree(List<Fault> faults) {
        this.faults = faults;
    }

    /** The document's mapping; faults are added to the list, and what is faulty left out. */
    static Tree.Mapping parse(String text, String name, List<Fault> faults) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(name).setCodePointLimit(MAX_CODE_POINTS).build();
        try {
            refuseDepth(text, settings);
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty() || isNull(root.get())) {
                return Tree.Mapping.empty("");
            }
            Tree tree = new YamlTree(faults).convert(root.get(), "", 0);
            if (tree instanceof Tree.Mapping mapping) {
                return mapping;
            }
            faults.add(new Fault("", "", "a mapping of sections such as \"sip:\"", tree.origin()));
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(m -> "line " + (m.getLine() + 1)).orElse("");
            faults.add(new Fault("", "", "YAML, but " + e.getProblem(), where));
        } catch (TooMuch e) {
            faults.add(new Fault("", "", "a document of honest size and depth", name));
        } catch (YamlEngineException e) {
            faults.add(new Fault("", "", "one YAML document of honest size", name));
        }
        return Tree.Mapping.empty("");
    }

    /** The composer calls itself at each level, so the depth is looked at before it starts. */
    private static void refuseDepth(String text, LoadSettings settings) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw new TooMuch();
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private Tree convert(Node node, String path, int depth) {
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new TooMuch();
        }
        String origin = node.getStartMark().map(m -> "line " + (m.getLine() + 1)).orElse("");
        return switch (node) {
            case ScalarNode scalar ->
                    new Tree.Scalar(isNull(scalar) ? "" : scalar.getValue(), origin, false);
            case SequenceNode sequence -> {
                List<Tree> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, path + "[" + items.size() + "]", depth + 1));
                }
                yield new Tree.Sequence(items, origin);
            }
            case MappingNode mapping -> mapping(mapping, path, origin, depth);
            default -> throw new TooMuch();
        };
    }

    private Tree.Mapping mapping(MappingNode mapping, String path, String origin, int depth) {
        LinkedHashMap<String, Tree> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String line =
                    tuple.getKeyNode()
                            .getStartMark()
                            .map(m -> "line " + (m.getLine() + 1))
                            .orElse("");
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                faults.add(new Fault(path, "", "a plain word as key", line));
                continue;
            }
            String child = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Tree value = convert(tuple.getValueNode(), child, depth + 1);
            if (entries.putIfAbsent(key.getValue(), value) != null) {
                faults.add(new Fault(child, "", "each key only once", line));
            }
        }
        return new Tree.Mapping(entries, origin);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && (scalar.getValue().isEmpty()
                        || scalar.getValue().equals("~")
                        || scalar.getValue().toLowerCase(Locale.ROOT).equals("null"));
    }

    /** Thrown and caught in this class alone. */
    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
