package dev.roomline.bridge.docs;

import dev.roomline.bridge.docs.RfcSections.Rfc;
import dev.roomline.bridge.docs.RfcSections.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which section of which RFC is proven by which test, and where we depart from it. */
final class RfcCoverage {
    private static final List<String> MODULES =
            List.of("sip-stack", "media-relay", "bridge-server", "system-tests");
    private static final String HEAD =
            """
            # Which test proves which section

            Made from three sources, and a test (`RfcCoverageTest`) fails when it is not what they say: the tags of the tests (`@Tag("RFC3261§17.2.1")`), the list of sections
            in `bridge-server/src/test/resources/rfc/sections.txt`, and [rfc-exceptions.md](rfc-exceptions.md), which has the reasons.
            After a change of any of them: the same test with `-Droomline.write.docs=true`.

            A tagged test fails when the rule that the section states for us is broken; it need not try everything that the section says. *none*: the rule binds us, and no test is tagged for it.

            """;

    private final List<Rfc> rfcs;
    private final List<Proof> proofs;
    private final List<RfcExceptions.Departure> exceptions;

    /**
     * @param path of the source, from the project's root
     */
    record Proof(String path, TaggedTests.Claim claim) {}

    RfcCoverage(List<Rfc> rfcs, List<Proof> proofs, List<RfcExceptions.Departure> exceptions) {
        this.rfcs = rfcs;
        this.proofs = proofs;
        this.exceptions = exceptions;
    }

    /** Everything, from the project's root. */
    static RfcCoverage read(Path root) throws IOException {
        List<Proof> proofs = new ArrayList<>();
        for (String module : MODULES) {
            Path tests = root.resolve(module).resolve("src/test/java");
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).sorted().toList()) {
                    String path = root.relativize(file).toString();
                    String name = file.getFileName().toString();
                    for (TaggedTests.Claim claim : TaggedTests.in(name, Files.readString(file))) {
                        proofs.add(new Proof(path, claim));
                    }
                }
            }
        }
        Path sections = root.resolve("bridge-server/src/test/resources/rfc/sections.txt");
        return new RfcCoverage(
                RfcSections.parse(Files.readAllLines(sections)),
                proofs,
                RfcExceptions.parse(Files.readAllLines(root.resolve("docs/rfc-exceptions.md"))));
    }

    /** What is named by a test or an exception and is not in the list. */
    List<String> unknown() {
        Set<String> known = known();
        Set<String> unknown = new LinkedHashSet<>();
        for (Proof proof : proofs) {
            if (!known.contains(proof.claim().tag())) {
                unknown.add(proof.claim().tag() + " (" + proof.claim().testClass() + ")");
            }
        }
        for (RfcExceptions.Departure exception : exceptions) {
            String tag = exception.tag();
            if (!known.contains(listed(tag, known))) {
                unknown.add(tag.indexOf('§') < 0 ? tag : tag + " (rfc-exceptions.md)");
            }
        }
        return List.copyOf(unknown);
    }

    String document() {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("| RFC | | sections that bind us | proven | tests | exceptions |\n");
        out.append("|---|---|---|---|---|---|\n");
        for (Rfc rfc : rfcs) {
            out.append(summary(rfc));
        }
        for (Rfc rfc : rfcs) {
            out.append("\n## RFC ").append(rfc.number()).append(": ").append(rfc.title());
            out.append("\n| section | what it rules | proven by | we do otherwise |\n");
            out.append("|---|---|---|---|\n");
            String whole = exceptionsOf("RFC" + rfc.number());
            if (!whole.isEmpty()) {
                out.append("| | all of it | | ").append(whole).append(" |\n");
            }
            for (Section section : rfc.sections()) {
                String tag = rfc.tag(section);
                String exception = exceptionsOf(tag);
                out.append("| §")
                        .append(section.number())
                        .append(" | ")
                        .append(section.rule())
                        .append(" | ")
                        .append(proof(section, tag))
                        .append(exception.isEmpty() ? " | |\n" : " | " + exception + " |\n");
            }
        }
        return out.toString();
    }

    private String summary(Rfc rfc) {
        List<Section> binding =
                rfc.sections().stream().filter(one -> one.without().isEmpty()).toList();
        long proven = binding.stream().filter(one -> !proofsOf(rfc.tag(one)).isEmpty()).count();
        String prefix = "RFC" + rfc.number() + "§";
        Set<String> tests =
                proofs.stream()
                        .filter(one -> one.claim().tag().startsWith(prefix))
                        .map(one -> one.claim().testClass() + "#" + one.claim().method())
                        .collect(Collectors.toSet());
        long departures =
                exceptions.stream()
                        .filter(
                                one ->
                                        one.tag().startsWith(prefix)
                                                || one.tag().equals("RFC" + rfc.number()))
                        .count();
        return "| %s | %s | %d | %d | %d | %d |\n"
                .formatted(
                        rfc.number(),
                        rfc.title(),
                        binding.size(),
                        proven,
                        tests.size(),
                        departures);
    }

    private String proof(Section section, String tag) {
        if (!section.without().isEmpty()) {
            return "does not bind us: " + section.without();
        }
        Map<String, List<String>> byFile = new LinkedHashMap<>();
        for (Proof proof : proofsOf(tag)) {
            String link = "[" + proof.claim().testClass() + "](../" + proof.path() + ")";
            List<String> methods = byFile.computeIfAbsent(link, key -> new ArrayList<>());
            if (!proof.claim().method().isEmpty()) {
                methods.add("`" + proof.claim().method() + "`");
            }
        }
        if (byFile.isEmpty()) {
            return "none";
        }
        return byFile.entrySet().stream()
                .map(
                        entry ->
                                entry.getValue().isEmpty()
                                        ? entry.getKey()
                                        : entry.getKey()
                                                + ": "
                                                + String.join(", ", entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private List<Proof> proofsOf(String tag) {
        return proofs.stream().filter(one -> one.claim().tag().equals(tag)).toList();
    }

    /** The section itself, or the one above it that is in the list. */
    private static String listed(String tag, Set<String> known) {
        String found = tag;
        while (!known.contains(found) && found.indexOf('.') > 0) {
            found = found.substring(0, found.lastIndexOf('.'));
        }
        return found;
    }

    private Set<String> known() {
        Set<String> known = new LinkedHashSet<>();
        for (Rfc rfc : rfcs) {
            known.add("RFC" + rfc.number());
            rfc.sections().forEach(section -> known.add(rfc.tag(section)));
        }
        return known;
    }

    private String exceptionsOf(String tag) {
        Set<String> known = known();
        return exceptions.stream()
                .filter(one -> listed(one.tag(), known).equals(tag))
                .map(RfcExceptions.Departure::weDo)
                .collect(Collectors.joining("; "));
    }
}
