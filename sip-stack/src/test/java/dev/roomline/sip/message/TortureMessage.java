package dev.roomline.sip.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A message of RFC 4475 or RFC 5118 and what must become of it: a row of {@code outcomes.txt}
 * beside its file.
 *
 * @param read what the parser makes of it
 * @param byDatagram what the core does with it: {@code up}, a status, or {@code none}
 * @param byStream the same for a stream
 */
public record TortureMessage(
        String rfc, String name, String section, String read, String byDatagram, String byStream) {

    public static Stream<TortureMessage> all() {
        return Stream.of("rfc4475", "rfc5118").flatMap(rfc -> rows(rfc).stream());
    }

    public static TortureMessage named(String name) {
        return all().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<TortureMessage> rows(String rfc) {
        return new String(resource("/" + rfc + "/outcomes.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> row(rfc, line.split("\\|", -1)))
                .toList();
    }

    private static TortureMessage row(String rfc, String[] cells) {
        String byDatagram = cells[3].strip();
        String byStream = cells[4].strip();
        return new TortureMessage(
                rfc,
                cells[0].strip(),
                cells[1].strip(),
                cells[2].strip(),
                byDatagram,
                byStream.equals("=") ? byDatagram : byStream);
    }

    public byte[] octets() {
        return resource("/" + rfc + "/" + name + ".dat");
    }

    public String text() {
        return new String(octets(), StandardCharsets.UTF_8);
    }

    private static byte[] resource(String path) {
        try (var in = TortureMessage.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("no " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name + " (RFC " + rfc.substring(3) + " §" + section + ")";
    }
}
