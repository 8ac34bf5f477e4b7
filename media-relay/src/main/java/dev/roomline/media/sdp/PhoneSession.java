package dev.roomline.media.sdp;

import dev.roomline.media.sdp.PhoneOutcome.Agreed;
import dev.roomline.media.sdp.PhoneOutcome.Refused;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Offer and answer with one SIP peer over the life of its dialog (RFC 3264): finds the audio line,
 * keeps the sections in order, counts versions. What is said on the audio line is {@link
 * PhoneLine}'s.
 *
 * <p>Every description of ours is prepared first and changes nothing; it holds from {@link #commit}
 * on, when it has left, and is forgotten by {@link #abandon}, when it never did (RFC 3261 §14.1: a
 * re-INVITE that fails changes nothing). An offer of ours that has left awaits {@link #answered}.
 * Owner: the media loop of its leg.
 */
public final class PhoneSession {

    private final PhoneTerms terms;
    private final String sessionId;
    private final PhoneLine line;
    private long version;
    private String sent = "";
    // Sections of the last agreed description as we would write them again, and which is the audio.
    private List<MediaDescription> sections = List.of();
    private int audioIndex;
    private @Nullable PhoneMedia media;
    private boolean holding;

    private @Nullable Prepared prepared;
    private @Nullable MediaDescription offered;

    /** Our offer is answered by early dialogs alone, and stays open to others. */
    private boolean early;

    /**
     * A description of ours that has not left.
     *
     * @param text without its version
     * @param media what it agrees to; null: it is an offer
     */
    private record Prepared(
            List<MediaDescription> lines,
            int audioIndex,
            String text,
            long version,
            @Nullable PhoneMedia media) {
        MediaDescription audio() {
            return lines.get(audioIndex);
        }
    }

    /**
     * @param sessionId for {@code o=}: random, positive
     */
    public PhoneSession(PhoneTerms terms, long sessionId) {
        this.terms = terms;
        this.sessionId = Long.toString(sessionId);
        this.line = new PhoneLine(terms);
    }

    /**
     * Our own hold: while it lasts every description of ours says {@code inactive} (RFC 3264 §8.4:
     * there is no music to send).
     */
    public void hold(boolean on) {
        holding = on;
    }

    /** Prepares the answer to the peer's offer, the first or a later one. */
    public PhoneOutcome answer(byte[] offer) {
        return switch (SdpParser.parse(offer)) {
            case SdpParser.Malformed m -> new Refused(SdpRefusal.MALFORMED, m.sentence());
            case SdpParser.Parsed p -> answer(p.description());
        };
    }

    private PhoneOutcome answer(SessionDescription offer) {
        PhoneMedia before = media;
        PhoneLine.Candidate chosen = line.choose(offer, before);
        if (chosen == null) {
            return before != null && endsAudio(offer)
                    ? withoutAudio(offer, before)
                    : PhoneRefusal.of(offer, line);
        }
        MediaDescription audio = offer.media().get(chosen.index());
        return switch (line.answer(offer, audio, chosen.security(), before, ours())) {
            case PhoneLine.Bad bad -> new Refused(bad.reason(), bad.detail());
            case PhoneLine.Good good -> {
                List<MediaDescription> answered = new ArrayList<>();
                for (MediaDescription section : offer.media()) {
                    boolean here = answered.size() == chosen.index();
                    answered.add(here ? good.section() : section.rejected());
                }
                PhoneMedia agreed = early ? good.media().unanswered() : good.media();
                yield new Agreed(prepare(answered, chosen.index(), agreed), agreed);
            }
        };
    }

    /** The running audio line is offered with port 0, and no other line is live. */
    private boolean endsAudio(SessionDescription offer) {
        List<MediaDescription> lines = offer.media();
        return audioIndex < lines.size()
                && lines.get(audioIndex).kind().equals("audio")
                && lines.stream().noneMatch(PhoneRefusal::isLiveAudio);
    }

    /**
     * RFC 3264 §8.2: a line that is offered with port 0 is answered so. The call stays without
     * sound, as if held, until an offer brings the line back.
     */
    private PhoneOutcome withoutAudio(SessionDescription offer, PhoneMedia before) {
        List<MediaDescription> answered = new ArrayList<>();
        for (MediaDescription section : offer.media()) {
            answered.add(section.rejected());
        }
        PhoneMedia silent = before.with(Direction.INACTIVE, true);
        return new Agreed(prepare(answered, audioIndex, silent), silent);
    }

    /** Prepares an offer of everything that we can, for a re-INVITE or INVITE that brought none. */
    public byte[] offer() {
        MediaDescription before = sections.isEmpty() ? null : sections.get(audioIndex);
        return propose(line.offer(before, media, ours()));
    }

    /**
     * Prepares an offer of our own in a call that runs: what holds, in the direction that we want
     * now. Phones are easiest with an offer in which nothing else is new.
     */
    public byte[] proposal() {
        PhoneMedia held = media;
        return held == null || sections.isEmpty() || sections.get(audioIndex).port() == 0
                ? offer()
                : propose(line.proposal(sections.get(audioIndex), held, ours()));
    }

    private byte[] propose(MediaDescription audio) {
        List<MediaDescription> lines = new ArrayList<>(sections);
        if (lines.isEmpty()) {
            lines.add(audio);
        } else {
            // No section may go, and each keeps its place (RFC 3264 §8).
            lines.set(audioIndex, audio);
        }
        return prepare(lines, audioIndex, null);
    }

    private Direction ours() {
        return holding ? Direction.INACTIVE : Direction.SENDRECV;
    }

    /** Takes the answer to our last {@link #offer}; what it agrees to holds at once. */
    public PhoneOutcome answered(byte[] answer) {
        return taken(answer, false);
    }

    /**
     * Takes an answer from an early dialog: it holds at once, and our offer may be answered again
     * (RFC 3261 §13.2.1), by the same peer's 2xx or by another. In between that peer may offer anew
     * (RFC 3311).
     */
    public PhoneOutcome answeredEarly(byte[] answer) {
        return taken(answer, true);
    }

    /** What was agreed in an early dialog holds from now on: nobody answers our offer any more. */
    public PhoneOutcome settled() {
        PhoneMedia agreed = media;
        if (agreed == null) {
            return new Refused(SdpRefusal.UNSUPPORTED, "nothing was agreed early");
        }
        early = false;
        offered = null;
        return new Agreed(new byte[0], agreed);
    }

    private PhoneOutcome taken(byte[] answer, boolean mayComeAgain) {
        MediaDescription ours = offered;
        if (ours == null) {
            return new Refused(SdpRefusal.UNSUPPORTED, "there is no offer of ours to answer");
        }
        return switch (SdpParser.parse(answer)) {
            case SdpParser.Malformed m -> new Refused(SdpRefusal.MALFORMED, m.sentence());
            case SdpParser.Parsed p -> taken(p.description(), ours, mayComeAgain);
        };
    }

    private PhoneOutcome taken(
            SessionDescription answer, MediaDescription ours, boolean mayComeAgain) {
        // whatever an early dialog made of it, the offer that stays open was one line
        int index = early ? 0 : audioIndex;
        List<MediaDescription> kept = new ArrayList<>(early ? List.of() : sections);
        early = mayComeAgain;
        if (answer.media().size() <= index) {
            return new Refused(
                    SdpRefusal.MALFORMED, "the answer has fewer media sections than our offer");
        }
        MediaDescription theirs = answer.media().get(index);
        return switch (line.answered(answer, theirs, ours, media, ours())) {
            case PhoneLine.Bad bad -> new Refused(bad.reason(), bad.detail());
            case PhoneLine.Good good -> {
                if (kept.isEmpty()) {
                    kept.add(good.section());
                } else {
                    kept.set(index, good.section());
                }
                sections = kept;
                audioIndex = index;
                forgetOffer();
                media = good.media();
                yield new Agreed(new byte[0], good.media());
            }
        };
    }

    /**
     * The prepared description has left: an answer holds from now on, an offer awaits its answer.
     *
     * @return what holds newly; null if nothing does yet
     */
    public @Nullable PhoneMedia commit() {
        Prepared leaving = prepared;
        prepared = null;
        if (leaving == null) {
            return null;
        }
        sent = leaving.text();
        version = leaving.version();
        if (leaving.media() == null) {
            offered = leaving.audio();
            return null;
        }
        forgetOffer();
        sections = leaving.lines();
        audioIndex = leaving.audioIndex();
        media = leaving.media();
        return media;
    }

    /**
     * What was prepared never left, or our offer was not answered: all is as it was agreed last.
     */
    public void abandon() {
        prepared = null;
        forgetOffer();
    }

    private void forgetOffer() {
        if (!early) {
            offered = null;
        }
    }

    /** What holds; null before the first agreement. */
    public @Nullable PhoneMedia media() {
        return media;
    }

    /**
     * What may come in beside what holds, because a description under way says so (RFC 3264 §5.1,
     * §6.1: whoever describes must be ready to receive).
     */
    public List<Incoming> promised() {
        Prepared leaving = prepared;
        if (leaving == null) {
            return List.of();
        }
        PhoneMedia next = leaving.media();
        return next == null ? line.incoming(leaving.audio()) : List.of(next.incoming());
    }

    /** The version rises by one when, and only when, something changed (RFC 3264 §8). */
    private byte[] prepare(List<MediaDescription> lines, int audio, @Nullable PhoneMedia agreedTo) {
        String text = SdpWriter.text(description(lines, 0));
        long number = text.equals(sent) ? version : version + 1;
        prepared = new Prepared(List.copyOf(lines), audio, text, number, agreedTo);
        return SdpWriter.write(description(lines, number));
    }

    private SessionDescription description(List<MediaDescription> lines, long number) {
        Connection here = Connection.of(terms.address());
        Origin origin = new Origin("roomline", sessionId, Long.toString(number), here);
        return new SessionDescription(origin, "-", here, PhoneIceLines.session(lines), lines);
    }
}
