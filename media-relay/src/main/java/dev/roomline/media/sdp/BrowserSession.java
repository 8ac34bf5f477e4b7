package dev.roomline.media.sdp;

import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.sdp.BrowserOutcome.Agreed;
import dev.roomline.media.sdp.BrowserOutcome.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers one browser's offers over the life of its session, as a lite agent (RFC 8829, RFC 8445
 * §2.5). Which lines are served is decided here; what each of them says is {@link BrowserLine}'s.
 * Owner: the media loop of its leg.
 */
public final class BrowserSession {

    private static final int MAX_LINES_SERVED = 32;

    /**
     * Lines that are ever sent on. A stream lives as long as its session, so that offers with names
     * that are new each time would add streams without end.
     */
    private static final int MAX_LINES_SENT = 16;

    private final BrowserTerms terms;
    private final String sessionId;
    private final Supplier<IceCredentials> credentials;
    private final IntSupplier ssrcs;
    private final Map<String, Integer> ssrcByLine = new HashMap<>();
    private long version;
    private String lastSections = "";
    private @Nullable BrowserMedia media;

    /**
     * @param sessionId for {@code o=}: random, positive
     * @param credentials makes new local ICE credentials: for the first answer and after each ICE
     *     restart. The caller may make them so that the ufrag leads it back to this peer
     * @param ssrcs hands out SSRCs that are unused on this transport
     */
    public BrowserSession(
            BrowserTerms terms,
            long sessionId,
            Supplier<IceCredentials> credentials,
            IntSupplier ssrcs) {
        this.terms = terms;
        this.sessionId = Long.toString(sessionId);
        this.credentials = credentials;
        this.ssrcs = ssrcs;
    }

    /** Answers an offer, the first or a later one (ICE restart, more slots, a changed device). */
    public BrowserOutcome answer(byte[] offer) {
        return switch (SdpParser.parse(offer)) {
            case SdpParser.Malformed m -> new Refused(SdpRefusal.MALFORMED, m.sentence());
            case SdpParser.Parsed p -> answer(p.description());
        };
    }

    private BrowserOutcome answer(SessionDescription offer) {
        List<BrowserLine> lines = new ArrayList<>();
        List<String> bundle = bundle(offer);
        boolean audio = false;
        Set<String> mids = new HashSet<>();
        for (int i = 0; i < offer.media().size(); i++) {
            MediaDescription section = offer.media().get(i);
            BrowserLine line = BrowserLine.of(offer, section, i);
            audio |= section.kind().equals("audio");
            boolean bundled = bundle.contains(line.mid()) || (lines.isEmpty() && bundle.isEmpty());
            if (line.isServed() && bundled && lines.size() < MAX_LINES_SERVED) {
                lines.add(line);
            }
        }
        for (MediaDescription section : offer.media()) {
            String mid = section.attribute("mid");
            if (mid != null && !mids.add(mid)) {
                // One key and one SSRC per MID: two lines of one name would share both.
                return new Refused(SdpRefusal.MALFORMED, "two media sections have the same a=mid");
            }
        }
        if (lines.isEmpty()) {
            return audio
                    ? new Refused(
                            SdpRefusal.NO_COMMON_CODEC,
                            "no audio line in the bundle offers Opus over DTLS-SRTP")
                    : new Refused(SdpRefusal.NO_AUDIO_LINE, "the offer has no audio line");
        }
        MediaDescription transport = lines.getFirst().section();
        Refused fault = fault(offer, lines);
        if (fault == null && terms.oneWay()) {
            fault = oneWayFault(offer, lines);
        }
        return fault != null ? fault : agree(offer, lines, transport);
    }

    /** MIDs of the group that holds the first audio line; empty if there is no group at all. */
    private static List<String> bundle(SessionDescription offer) {
        for (List<String> group : offer.bundles()) {
            for (MediaDescription section : offer.media()) {
                String mid = section.attribute("mid");
                if (section.kind().equals("audio") && mid != null && group.contains(mid)) {
                    return group;
                }
            }
        }
        return List.of();
    }

    /** What the transport of the served lines lacks. */
    private static @Nullable Refused fault(SessionDescription offer, List<BrowserLine> lines) {
        MediaDescription first = lines.getFirst().section();
        for (BrowserLine line : lines) {
            if (!line.section().has("rtcp-mux")) {
                return new Refused(
                        SdpRefusal.UNSUPPORTED, "an audio line lacks a=rtcp-mux, which is needed");
            }
        }
        if (usable(offer.fingerprintsOf(first)).isEmpty()) {
            return new Refused(
                    SdpRefusal.ENCRYPTION_NOT_OFFERED,
                    "the offer has no certificate fingerprint with SHA-256, SHA-384 or SHA-512");
        }
        String setup = offer.attributeOf(first, "setup");
        if (setup != null && !setup.equals("actpass") && !setup.equals("active")) {
            return new Refused(
                    SdpRefusal.UNSUPPORTED, "a=setup must be actpass or active: we are passive");
        }
        if (!IceOffer.isIce(offer.attributeOf(first, "ice-ufrag"), 4)
                || !IceOffer.isIce(offer.attributeOf(first, "ice-pwd"), 22)) {
            return new Refused(
                    SdpRefusal.UNSUPPORTED, "the offer has no valid a=ice-ufrag and a=ice-pwd");
        }
        return null;
    }

    /** What else a publisher or a listener may not offer. */
    private @Nullable Refused oneWayFault(SessionDescription offer, List<BrowserLine> lines) {
        boolean publishes = terms.most().receives();
        Direction offered = lines.getFirst().offered();
        if (publishes ? !offered.sends() : !offered.receives()) {
            // RFC 9725 §4.2; draft-ietf-wish-whep-03 §4.2
            return new Refused(
                    SdpRefusal.UNSUPPORTED,
                    "the audio line is a="
                            + offered.attribute()
                            + (publishes
                                    ? ": a publisher's is sendonly or sendrecv"
                                    : ": a listener's is recvonly or sendrecv"));
        }
        if (publishes && offer.media().size() > 1) {
            // RFC 9725 §4.4.3: no offer is answered in part
            return new Refused(
                    SdpRefusal.UNSUPPORTED,
                    "the offer has more than its one audio line: a publisher sends that alone here,"
                            + " and no video");
        }
        if (lines.size() > 1) {
            return new Refused(
                    SdpRefusal.UNSUPPORTED,
                    "the offer has more than one audio line: a listener hears one mix");
        }
        return null;
    }

    private static List<Fingerprint> usable(List<Fingerprint> all) {
        List<Fingerprint> out = new ArrayList<>();
        for (Fingerprint f : all) {
            switch (f.algorithm()) {
                case "sha-256", "sha-384", "sha-512" -> out.add(f);
                default -> {}
            }
        }
        return out;
    }

    private BrowserOutcome agree(
            SessionDescription offer, List<BrowserLine> lines, MediaDescription transport) {
        String ufrag = String.valueOf(offer.attributeOf(transport, "ice-ufrag"));
        String password = String.valueOf(offer.attributeOf(transport, "ice-pwd"));
        BrowserMedia before = media;
        boolean same =
                before != null
                        && before.remoteUfrag().equals(ufrag)
                        && before.remotePassword().equals(password);
        IceCredentials ice = same && before != null ? before.localIce() : credentials.get();

        BrowserMedia.Uplink uplink = null;
        List<BrowserMedia.Downlink> downlinks = new ArrayList<>();
        int receiving = 0;
        Map<Integer, MediaDescription> answered = new HashMap<>();
        for (BrowserLine line : lines) {
            boolean weReceive = line.offered().sends() && terms.most().receives() && uplink == null;
            boolean weSend =
                    line.offered().receives()
                            && terms.most().sends()
                            && downlinks.size() < terms.maxSlots()
                            && mayBeSentOn(line);
            receiving += line.offered().receives() ? 1 : 0;
            BrowserMedia.Line agreed = line.agreed();
            if (weReceive) {
                uplink = new BrowserMedia.Uplink(line.mid(), agreed);
            }
            BrowserMedia.Downlink downlink = null;
            if (weSend) {
                int ssrc = ssrcByLine.computeIfAbsent(line.key(), _ -> ssrcs.getAsInt());
                downlink =
                        new BrowserMedia.Downlink(
                                line.mid(), ssrc, cname(), line.takesNack(), agreed);
                downlinks.add(downlink);
            }
            Direction direction = Direction.of(weSend, weReceive);
            answered.put(
                    line.index(), line.answer(terms, ice, direction, downlink, answered.isEmpty()));
        }
        BrowserMedia now =
                new BrowserMedia(
                        ice,
                        ufrag,
                        password,
                        before != null && !same,
                        usable(offer.fingerprintsOf(transport)),
                        true,
                        uplink,
                        downlinks,
                        receiving == 1 && !downlinks.isEmpty());
        media = now;
        return new Agreed(write(offer, lines, answered), now);
    }

    private boolean mayBeSentOn(BrowserLine line) {
        return ssrcByLine.size() < MAX_LINES_SENT || ssrcByLine.containsKey(line.key());
    }

    private String cname() {
        return "roomline-" + sessionId;
    }

    private byte[] write(
            SessionDescription offer,
            List<BrowserLine> lines,
            Map<Integer, MediaDescription> answered) {
        List<MediaDescription> sections = new ArrayList<>();
        for (int i = 0; i < offer.media().size(); i++) {
            MediaDescription ours = answered.get(i);
            sections.add(ours != null ? ours : offer.media().get(i).rejected());
        }
        List<Attribute> session = new ArrayList<>();
        session.add(Attribute.flag("ice-lite"));
        if (!offer.bundles().isEmpty()) {
            StringBuilder group = new StringBuilder("BUNDLE");
            for (BrowserLine line : lines) {
                group.append(' ').append(line.mid());
            }
            session.add(Attribute.of("group", group.toString()));
        }
        session.add(Attribute.of("msid-semantic", "WMS *"));
        String text = SdpWriter.text(description(sections, session, 0));
        if (!text.equals(lastSections)) {
            version++;
            lastSections = text;
        }
        return SdpWriter.write(description(sections, session, version));
    }

    private SessionDescription description(
            List<MediaDescription> sections, List<Attribute> session, long number) {
        Connection nowhere = new Connection(false, "127.0.0.1");
        Origin origin = new Origin("roomline", sessionId, Long.toString(number), nowhere);
        // A rejected section has no c= of its own (RFC 8866 §5.7 wants one somewhere).
        Connection none = new Connection(false, "0.0.0.0");
        return new SessionDescription(origin, "-", none, session, sections);
    }

    /** What holds; null before the first agreement. */
    public @Nullable BrowserMedia media() {
        return media;
    }
}
