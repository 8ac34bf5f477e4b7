package dev.roomline.media.sdp;

import dev.roomline.media.sdp.PhoneOutcome.Agreed;
import dev.roomline.media.sdp.PhoneOutcome.Refused;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Offer and answer with one SIP peer over the life of its dialog (RFC 3264): finds the audio line,
 * keeps the sections in order, counts versions. What is said on the audio line is {@link
 * PhoneLine}'s. Owner: the media loop of its leg.
 */
public final class PhoneSession {

    private final PhoneTerms terms;
    private final String sessionId;
    private final PhoneLine line;
    private long version;
    private String lastSections = "";
    // Sections of the last agreed description as we would write them again, and which is the audio.
    private List<MediaDescription> sections = List.of();
    private int audioIndex;
    private @Nullable MediaDescription offered;
    private @Nullable PhoneMedia media;

    /**
     * @param sessionId for {@code o=}: random, positive
     */
    public PhoneSession(PhoneTerms terms, long sessionId) {
        this.terms = terms;
        this.sessionId = Long.toString(sessionId);
        this.line = new PhoneLine(terms);
    }

    /** Answers the peer's offer, the first or a later one. */
    public PhoneOutcome answer(byte[] offer) {
        return switch (SdpParser.parse(offer)) {
            case SdpParser.Malformed m -> new Refused(SdpRefusal.MALFORMED, m.sentence());
            case SdpParser.Parsed p -> answer(p.description());
        };
    }

    private PhoneOutcome answer(SessionDescription offer) {
        int chosen = -1;
        for (int i = 0; i < offer.media().size() && chosen < 0; i++) {
            if (line.isServed(offer.media().get(i))) {
                chosen = i;
            }
        }
        if (chosen < 0) {
            return refusal(offer);
        }
        MediaDescription audio = offer.media().get(chosen);
        return switch (line.answer(offer, audio)) {
            case PhoneLine.Bad bad -> new Refused(bad.reason(), bad.detail());
            case PhoneLine.Good good -> {
                List<MediaDescription> answered = new ArrayList<>();
                for (MediaDescription section : offer.media()) {
                    boolean here = answered.size() == chosen;
                    answered.add(here ? good.section() : section.rejected());
                }
                sections = answered;
                audioIndex = chosen;
                offered = null;
                media = good.media();
                yield new Agreed(write(answered), good.media());
            }
        };
    }

    /** Why no line of an offer can be served. */
    private static PhoneOutcome refusal(SessionDescription offer) {
        boolean audio = false;
        boolean plain = false;
        String other = "";
        for (MediaDescription section : offer.media()) {
            if (section.kind().equals("audio") && section.port() != 0) {
                audio = true;
                plain |= PhoneLine.isPlain(section.protocol());
                if (!PhoneLine.isPlain(section.protocol())) {
                    other = section.protocol();
                }
            }
        }
        if (!audio) {
            return new Refused(SdpRefusal.NO_AUDIO_LINE, "the offer has no audio line with a port");
        }
        if (plain) {
            return new Refused(
                    SdpRefusal.NO_COMMON_CODEC, "none of the offered codecs is served here");
        }
        if (other.endsWith("SAVP") || other.endsWith("SAVPF")) {
            return new Refused(
                    SdpRefusal.ENCRYPTION_REQUIRED,
                    "the offer asks for SRTP alone; encryption on SIP legs is not served yet,"
                            + " expected RTP/AVP");
        }
        return new Refused(
                SdpRefusal.UNSUPPORTED,
                "the audio line's transport is neither RTP/AVP nor RTP/AVPF");
    }

    /** Our own offer: for an INVITE of ours, or one of theirs that brought none. */
    public byte[] offer() {
        MediaDescription audio = line.offer(sections.isEmpty() ? null : sections.get(audioIndex));
        List<MediaDescription> lines = new ArrayList<>(sections);
        if (lines.isEmpty()) {
            lines.add(audio);
            audioIndex = 0;
        } else {
            // No section may go, and each keeps its place (RFC 3264 §8).
            lines.set(audioIndex, audio);
        }
        offered = audio;
        return write(lines);
    }

    /** Takes the answer to our last {@link #offer}. */
    public PhoneOutcome answered(byte[] answer) {
        MediaDescription ours = offered;
        if (ours == null) {
            return new Refused(SdpRefusal.UNSUPPORTED, "there is no offer of ours to answer");
        }
        return switch (SdpParser.parse(answer)) {
            case SdpParser.Malformed m -> new Refused(SdpRefusal.MALFORMED, m.sentence());
            case SdpParser.Parsed p -> answered(p.description(), ours);
        };
    }

    private PhoneOutcome answered(SessionDescription answer, MediaDescription ours) {
        if (answer.media().size() <= audioIndex) {
            return new Refused(
                    SdpRefusal.MALFORMED, "the answer has fewer media sections than our offer");
        }
        MediaDescription theirs = answer.media().get(audioIndex);
        return switch (line.answered(answer, theirs, ours)) {
            case PhoneLine.Bad bad -> new Refused(bad.reason(), bad.detail());
            case PhoneLine.Good good -> {
                if (sections.isEmpty()) {
                    sections = List.of(good.section());
                } else {
                    List<MediaDescription> kept = new ArrayList<>(sections);
                    kept.set(audioIndex, good.section());
                    sections = kept;
                }
                offered = null;
                media = good.media();
                yield new Agreed(new byte[0], good.media());
            }
        };
    }

    /** What holds; null before the first agreement. */
    public @Nullable PhoneMedia media() {
        return media;
    }

    /** The version rises by one when, and only when, something changed (RFC 3264 §8). */
    private byte[] write(List<MediaDescription> lines) {
        String text = SdpWriter.text(description(lines, 0));
        if (!text.equals(lastSections)) {
            version++;
            lastSections = text;
        }
        return SdpWriter.write(description(lines, version));
    }

    private SessionDescription description(List<MediaDescription> lines, long number) {
        Connection here = Connection.of(terms.address());
        Origin origin = new Origin("roomline", sessionId, Long.toString(number), here);
        return new SessionDescription(origin, "-", here, List.of(), lines);
    }
}
