package dev.roomline.media.sdp;

import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the audio line of a SIP peer is protected: which of its offers is taken, what ours says, what
 * an answer makes of that. DTLS is preferred to keys in the description, which everybody on the
 * signalling path reads. Remembers nothing: what holds is in {@link PhoneMedia} and in the lines.
 */
final class PhoneSecurity {
    /** Lines of {@code a=crypto} that are looked at. */
    private static final int MOST_LINES = 16;

    /** What we offer, the one that everybody has first: some read one line only. */
    private static final List<SrtpProfile> OFFERED =
            List.of(
                    SrtpProfile.AES128_CM_HMAC_SHA1_80,
                    SrtpProfile.AES256_CM_HMAC_SHA1_80,
                    SrtpProfile.AEAD_AES_256_GCM);

    private final PhoneTerms.Security terms;
    private final HandshakeTerms handshake;

    PhoneSecurity(PhoneTerms.Security terms) {
        this.terms = terms;
        handshake = new HandshakeTerms(terms.fingerprint());
    }

    /** What came of a line. */
    sealed interface Choice {}

    /**
     * @param protection what holds for it
     * @param attributes what our line says of it
     */
    record Taken(MediaProtection protection, List<Attribute> attributes) implements Choice {
        boolean isSecured() {
            return !(protection instanceof MediaProtection.Plain);
        }
    }

    /**
     * @param why a sentence, without secrets
     */
    record Declined(SdpRefusal reason, String why) implements Choice {}

    private static final Taken PLAIN = new Taken(MediaProtection.Plain.RTP, List.of());

    static boolean isPlain(String protocol) {
        return protocol.equalsIgnoreCase("RTP/AVP") || protocol.equalsIgnoreCase("RTP/AVPF");
    }

    private static boolean isSecured(String protocol) {
        return protocol.equalsIgnoreCase("RTP/SAVP") || protocol.equalsIgnoreCase("RTP/SAVPF");
    }

    static boolean isOverDtls(String protocol) {
        return protocol.equalsIgnoreCase("UDP/TLS/RTP/SAVP")
                || protocol.equalsIgnoreCase("UDP/TLS/RTP/SAVPF");
    }

    /**
     * Of an offered line.
     *
     * @param before what holds; null at first
     */
    Choice answer(
            SessionDescription offer, MediaDescription line, @Nullable MediaProtection before) {
        String protocol = line.protocol();
        boolean plain = isPlain(protocol);
        if (!plain && !isSecured(protocol) && !isOverDtls(protocol)) {
            return new Declined(
                    SdpRefusal.UNSUPPORTED,
                    "the audio line's transport is neither RTP/AVP nor RTP/SAVP nor"
                            + " UDP/TLS/RTP/SAVP");
        }
        if (terms.policy() == MediaEncryption.DISABLE) {
            return plain
                    ? PLAIN
                    : new Declined(
                            SdpRefusal.ENCRYPTION_REQUIRED,
                            "the offer asks for SRTP alone ("
                                    + protocol
                                    + "), and encryption is"
                                    + " disabled here; expected RTP/AVP");
        }
        Choice dtls = handshake.answer(offer, line, before);
        if (dtls instanceof Taken) {
            return dtls;
        }
        List<String> faults = new ArrayList<>();
        Choice sdes = isOverDtls(protocol) ? null : sdes(line, before, faults);
        if (sdes != null) {
            return sdes;
        }
        if (plain && terms.policy() != MediaEncryption.REQUIRE) {
            // RFC 8643 §3.2: what cannot be used was as good as not offered
            return PLAIN;
        }
        if (dtls instanceof Declined(SdpRefusal _, String why)) {
            faults.add(why);
        }
        return plain
                ? new Declined(
                        SdpRefusal.ENCRYPTION_NOT_OFFERED,
                        "encryption is required here, and the offer has none that is served"
                                + list(faults))
                : new Declined(
                        SdpRefusal.ENCRYPTION_REQUIRED,
                        "the offer asks for SRTP alone ("
                                + protocol
                                + ") and has no key that is"
                                + " served"
                                + list(faults));
    }

    private static String list(List<String> faults) {
        return faults.isEmpty() ? "" : ": " + String.join("; ", faults);
    }

    /** The first line that can be served: they stand in the offerer's order (RFC 4568 §7.1.2). */
    private @Nullable Taken sdes(
            MediaDescription line, @Nullable MediaProtection before, List<String> faults) {
        for (CryptoLine theirs : usable(line, faults)) {
            CryptoLine ours = CryptoLine.make(theirs.tag(), theirs.profile(), terms.random());
            MediaProtection.Sdes made = agreed(ours, theirs);
            if (before instanceof MediaProtection.Sdes running && running.receivesAs(made)) {
                // the same key as before: so is ours, and numbering goes on (§7.1.4)
                ours = ownLine(theirs.tag(), running);
                made = agreed(ours, theirs);
            }
            return new Taken(made, List.of(ours.attribute()));
        }
        return null;
    }

    private static CryptoLine ownLine(int tag, MediaProtection.Sdes running) {
        SrtpKeys keys = running.keys();
        return new CryptoLine(tag, keys.profile(), keys.localKey(), keys.localSalt());
    }

    private static MediaProtection.Sdes agreed(CryptoLine ours, CryptoLine theirs) {
        return new MediaProtection.Sdes(
                theirs.tag(),
                new SrtpKeys(ours.profile(), ours.key(), ours.salt(), theirs.key(), theirs.salt()),
                theirs.mki(),
                theirs.lifetimePackets());
    }

    /** Lines that can be served; why the others cannot goes into {@code faults}. */
    private static List<CryptoLine> usable(MediaDescription line, List<String> faults) {
        List<CryptoLine> usable = new ArrayList<>();
        Set<Integer> tags = new HashSet<>();
        int lines = 0;
        for (Attribute a : line.attributes()) {
            String value = a.value();
            if (!a.name().toLowerCase(Locale.ROOT).equals(CryptoLine.NAME) || value == null) {
                continue;
            }
            if (++lines > MOST_LINES) {
                faults.add("only " + MOST_LINES + " a=crypto lines are looked at");
                break;
            }
            switch (CryptoParser.parse(value)) {
                case CryptoParser.Unusable(int tag, String why) ->
                        faults.add("a=crypto" + (tag == 0 ? "" : ":" + tag) + " " + why);
                case CryptoParser.Usable(CryptoLine found) -> {
                    // §9.1: each has a tag of its own, else an answer would name two
                    if (tags.add(found.tag())) {
                        usable.add(found);
                    } else {
                        faults.add("a=crypto:" + found.tag() + " stands there twice");
                    }
                }
            }
        }
        return usable;
    }

    /**
     * What an offer of ours has to say: its protocol and its attributes.
     *
     * @param before our line as it holds; null: there is none
     * @param holds what protects it
     */
    Proposal propose(@Nullable MediaDescription before, @Nullable MediaProtection holds) {
        return switch (holds) {
            case null -> anew();
            case MediaProtection.Plain _ -> anew();
            case MediaProtection.Sdes running ->
                    new Proposal(
                            before == null ? "RTP/SAVP" : before.protocol(),
                            List.of(ownLine(running.tag(), running).attribute()));
            case MediaProtection.Dtls _ ->
                    new Proposal(
                            before == null ? "UDP/TLS/RTP/SAVP" : before.protocol(),
                            handshake.proposed());
        };
    }

    /**
     * @param protocol of our line
     * @param attributes beside the others
     */
    record Proposal(String protocol, List<Attribute> attributes) {}

    private Proposal anew() {
        return switch (terms.policy()) {
            case DISABLE, ALLOW -> new Proposal("RTP/AVP", List.of());
            case OFFER -> new Proposal("RTP/AVP", keys());
            case REQUIRE -> new Proposal("RTP/SAVP", keys());
        };
    }

    private List<Attribute> keys() {
        List<Attribute> lines = new ArrayList<>();
        for (SrtpProfile profile : OFFERED) {
            lines.add(CryptoLine.make(lines.size() + 1, profile, terms.random()).attribute());
        }
        return lines;
    }

    /**
     * What the answer to a line of ours makes of it.
     *
     * @param before what holds; null at first
     */
    Choice answered(
            SessionDescription answer,
            MediaDescription theirs,
            MediaDescription ours,
            @Nullable MediaProtection before) {
        List<String> faults = new ArrayList<>();
        boolean known =
                isPlain(theirs.protocol())
                        || isSecured(theirs.protocol())
                        || isOverDtls(theirs.protocol());
        List<CryptoLine> offered = usable(ours, new ArrayList<>());
        if (known && !offered.isEmpty()) {
            Taken taken = answeredKeys(theirs, offered, faults);
            if (taken != null) {
                return taken;
            }
        } else if (known && ours.attribute("fingerprint") != null) {
            switch (handshake.answered(answer, theirs, before)) {
                case Taken taken -> {
                    return taken;
                }
                case Declined(SdpRefusal _, String why) -> faults.add(why);
                case null -> {}
            }
        }
        if (!isPlain(ours.protocol()) || terms.policy() == MediaEncryption.REQUIRE) {
            return new Declined(
                    SdpRefusal.ENCRYPTION_NOT_OFFERED,
                    "we asked for encryption, and the answer has no key for it" + list(faults));
        }
        return isPlain(theirs.protocol())
                ? PLAIN
                : new Declined(
                        SdpRefusal.ENCRYPTION_REQUIRED, "the answer changes the line's transport");
    }

    /** One line, of a tag and suite of ours (§7.1.3); ours without the others is what holds. */
    private static @Nullable Taken answeredKeys(
            MediaDescription theirs, List<CryptoLine> offered, List<String> faults) {
        for (CryptoLine taken : usable(theirs, faults)) {
            for (CryptoLine own : offered) {
                boolean same = own.tag() == taken.tag() && own.profile() == taken.profile();
                MediaProtection.Sdes made = agreedIf(same, own, taken);
                if (made != null) {
                    return new Taken(made, List.of(own.attribute()));
                }
            }
            faults.add("a=crypto:" + taken.tag() + " is no answer to a line of ours");
        }
        return null;
    }

    /** A peer that gives our own key back would have both sides use one key stream. */
    private static MediaProtection.@Nullable Sdes agreedIf(
            boolean same, CryptoLine own, CryptoLine taken) {
        if (!same) {
            return null;
        }
        MediaProtection.Sdes made = agreed(own, taken);
        return made.keys().areOneKey() ? null : made;
    }

    /** What of a section's attributes speaks of its protection. */
    static boolean isOfSecurity(Attribute a) {
        return a.name().equals(CryptoLine.NAME)
                || a.name().equals("setup")
                || a.name().equals("fingerprint");
    }
}
