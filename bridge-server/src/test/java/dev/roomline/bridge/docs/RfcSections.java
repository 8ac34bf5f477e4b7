package dev.roomline.bridge.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of RFCs and of their sections that bind us, or do not and why. */
final class RfcSections {
    private static final Pattern TITLE = Pattern.compile("RFC (\\d+) = (.+)");
    private static final Pattern APART = Pattern.compile("(\\S+) - ([^:]+): (.+)");
    private static final Pattern RULE = Pattern.compile("(\\S+) (.+)");

    /**
     * @param without why it does not bind us; empty if it does
     */
    record Section(String number, String rule, String without) {}

    record Rfc(String number, String title, List<Section> sections) {
        String tag(Section section) {
            return "RFC" + number + "§" + section.number();
        }
    }

    private RfcSections() {}

    /** In ascending order of RFCs, sections as they stand. */
    static List<Rfc> parse(List<String> lines) {
        List<Rfc> rfcs = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher title = TITLE.matcher(line);
            Matcher apart = APART.matcher(line);
            Matcher rule = RULE.matcher(line);
            if (title.matches()) {
                rfcs.add(new Rfc(title.group(1), title.group(2), new ArrayList<>()));
            } else if (apart.matches()) {
                rfcs.getLast()
                        .sections()
                        .add(new Section(apart.group(1), apart.group(2), apart.group(3)));
            } else if (rule.matches()) {
                rfcs.getLast().sections().add(new Section(rule.group(1), rule.group(2), ""));
            } else {
                throw new IllegalArgumentException("not a section: " + line);
            }
        }
        rfcs.sort((one, other) -> one.number().compareTo(other.number()));
        return rfcs;
    }
}
