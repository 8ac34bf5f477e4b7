package dev.roomline.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole description (RFC 8866). Immutable.
 *
 * @param origin {@code o=}
 * @param name {@code s=}
 * @param connection session-wide {@code c=}, if any
 * @param attributes session-wide, in order
 * @param media its {@code m=} sections, in order
 */
public record SessionDescription(
        Origin origin,
        String name,
        @Nullable Connection connection,
        List<Attribute> attributes,
        List<MediaDescription> media) {

    public SessionDescription {
        attributes = List.copyOf(attributes);
        media = List.copyOf(media);
    }

    /** The first session-wide attribute of that name with a value. */
    public @Nullable String attribute(String attributeName) {
        return MediaDescription.firstValue(attributes, attributeName);
    }

    /** Whether a session-wide flag of that name is set. */
    public boolean has(String flag) {
        return MediaDescription.contains(attributes, flag);
    }

    /** Where a section's media goes: its own {@code c=}, else the session's. */
    public @Nullable Connection connectionOf(MediaDescription section) {
        Connection own = section.connection();
        return own != null ? own : connection;
    }

    /** A section's direction: its own, else the session's, else sendrecv. */
    public Direction directionOf(MediaDescription section) {
        Direction own = MediaDescription.direction(section.attributes());
        if (own != null) {
            return own;
        }
        Direction common = MediaDescription.direction(attributes);
        return common == null ? Direction.SENDRECV : common;
    }

    /** A section's attribute, else the session's of that name. */
    public @Nullable String attributeOf(MediaDescription section, String attributeName) {
        String own = section.attribute(attributeName);
        return own != null ? own : attribute(attributeName);
    }

    /** Certificates' fingerprints for a section: its own, else the session's. */
    public List<Fingerprint> fingerprintsOf(MediaDescription section) {
        List<Fingerprint> own = fingerprints(section.attributes());
        return own.isEmpty() ? fingerprints(attributes) : own;
    }

    /** MIDs of each BUNDLE group, in order (RFC 8843). */
    public List<List<String>> bundles() {
        List<List<String>> out = new ArrayList<>();
        for (Attribute a : attributes) {
            if (a.name().equals("group") && a.value() != null && a.value().startsWith("BUNDLE")) {
                List<String> words = SdpText.words(a.value());
                if (words.getFirst().equals("BUNDLE")) {
                    out.add(List.copyOf(words.subList(1, words.size())));
                }
            }
        }
        return out;
    }

    private static List<Fingerprint> fingerprints(List<Attribute> from) {
        List<Fingerprint> out = new ArrayList<>();
        for (Attribute a : from) {
            if (a.name().equals("fingerprint") && a.value() != null) {
                List<String> words = SdpText.words(a.value());
                if (words.size() == 2 && out.size() < 8) {
                    out.add(new Fingerprint(words.get(0), words.get(1)));
                }
            }
        }
        return out;
    }
}
