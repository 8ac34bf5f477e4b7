package dev.roomline.bridge.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of docs/rfc-exceptions.md, by the sections that they name. */
final class RfcExceptions {
    private static final Pattern NAME = Pattern.compile("\\b(\\d{4})\\b|§([0-9A-Z.]*[0-9A-Z])");

    /**
     * @param tag as {@code RFC3261§17.2.1}, without the section where a whole RFC is meant
     */
    record Departure(String tag, String weDo) {}

    private RfcExceptions() {}

    static List<Departure> parse(List<String> lines) {
        List<Departure> found = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.split(" \\| ", -1);
            if (line.startsWith("| ") && cells.length == 4 && cells[0].matches("\\| \\d{4}.*")) {
                add(found, cells[0].substring(2), cells[2]);
            }
        }
        return found;
    }

    private static void add(List<Departure> found, String names, String weDo) {
        String rfc = "";
        boolean whole = false;
        Matcher name = NAME.matcher(names);
        while (name.find()) {
            if (name.group(1) != null) {
                if (whole) {
                    found.add(new Departure("RFC" + rfc, weDo));
                }
                rfc = name.group(1);
                whole = true;
            } else {
                found.add(new Departure("RFC" + rfc + "§" + name.group(2), weDo));
                whole = false;
            }
        }
        if (whole) {
            found.add(new Departure("RFC" + rfc, weDo));
        }
    }
}
