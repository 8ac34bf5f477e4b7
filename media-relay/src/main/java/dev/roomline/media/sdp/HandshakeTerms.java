package dev.roomline.media.sdp;

import dev.roomline.media.sdp.PhoneSecurity.Choice;
import dev.roomline.media.sdp.PhoneSecurity.Declined;
import dev.roomline.media.sdp.PhoneSecurity.Taken;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What descriptions say of a DTLS handshake: whose certificate, and who begins (RFC 5763 §5, RFC
 * 4145 §4, RFC 8842 §5).
 *
 * <pre>
 *   theirs          an offer: we are                    an answer: we are
 *   actpass         as in the association that runs,    – (an answer has to choose)
 *                   else passive: their NAT lets us in
 *   active, none    passive                             passive; none: active
 *   passive         active                              active
 *   holdconn        –                                   –
 * </pre>
 *
 * Remembers nothing.
 */
final class HandshakeTerms {
    private static final String SETUP = "setup";
    private static final String ACTPASS = "actpass";
    private static final String ACTIVE = "active";
    private static final String PASSIVE = "passive";

    private final @Nullable Fingerprint own;

    /**
     * @param own our certificate's; null: DTLS is not served
     */
    HandshakeTerms(@Nullable Fingerprint own) {
        this.own = own;
    }

    /**
     * Of an offered line; null: it does not speak of DTLS.
     *
     * @param before what holds
     */
    @Nullable Choice answer(
            SessionDescription offer, MediaDescription line, @Nullable MediaProtection before) {
        Choice fault = fault(offer, line);
        Fingerprint ours = own;
        List<Fingerprint> fingerprints = offer.fingerprintsOf(line);
        if (fault != null || ours == null || fingerprints.isEmpty()) {
            return fault;
        }
        String association = association(offer, line, before);
        // RFC 4145 §4: whoever offers and does not say is active
        return switch (setup(offer, line, ACTIVE)) {
            case ACTIVE -> taken(ours, fingerprints, false, association);
            case PASSIVE -> taken(ours, fingerprints, true, association);
            case ACTPASS -> {
                // another role would be another association (RFC 8842 §3.1), and a gap in sound
                boolean begun =
                        before instanceof MediaProtection.Dtls running
                                && running.isOf(fingerprints, association)
                                && running.weBegin();
                yield taken(ours, fingerprints, begun, association);
            }
            default ->
                    new Declined(
                            SdpRefusal.ENCRYPTION_REQUIRED,
                            "a=setup is neither actpass nor active nor passive: nobody would begin"
                                    + " the handshake");
        };
    }

    /** Of the answer to a line of ours; null: it does not speak of DTLS. */
    @Nullable Choice answered(
            SessionDescription answer, MediaDescription line, @Nullable MediaProtection before) {
        Choice fault = fault(answer, line);
        Fingerprint ours = own;
        List<Fingerprint> fingerprints = answer.fingerprintsOf(line);
        if (fault != null || ours == null || fingerprints.isEmpty()) {
            return fault;
        }
        String association = association(answer, line, before);
        return switch (setup(answer, line, PASSIVE)) {
            case ACTIVE -> taken(ours, fingerprints, false, association);
            case PASSIVE -> taken(ours, fingerprints, true, association);
            default ->
                    new Declined(
                            SdpRefusal.ENCRYPTION_REQUIRED,
                            "the answer's a=setup is neither active nor passive: it does not say"
                                    + " who begins the handshake");
        };
    }

    private @Nullable Choice fault(SessionDescription theirs, MediaDescription line) {
        boolean needed = PhoneSecurity.isOverDtls(line.protocol());
        boolean shown = !theirs.fingerprintsOf(line).isEmpty();
        if (own == null && (needed || shown)) {
            return new Declined(SdpRefusal.ENCRYPTION_REQUIRED, "DTLS is not served here");
        }
        return needed && !shown
                ? new Declined(SdpRefusal.ENCRYPTION_REQUIRED, "there is no a=fingerprint for DTLS")
                : null;
    }

    private static String setup(
            SessionDescription theirs, MediaDescription line, String whereUnsaid) {
        String said = theirs.attributeOf(line, SETUP);
        return said == null ? whereUnsaid : said.strip().toLowerCase(Locale.ROOT);
    }

    /** We name none, so an answer need not (RFC 8842 §5.4): unsaid, it is the one that runs. */
    private static String association(
            SessionDescription theirs, MediaDescription line, @Nullable MediaProtection before) {
        String said = theirs.attributeOf(line, "tls-id");
        if (said != null) {
            return said.strip();
        }
        return before instanceof MediaProtection.Dtls running ? running.association() : "";
    }

    private static Taken taken(
            Fingerprint own, List<Fingerprint> fingerprints, boolean weBegin, String association) {
        return new Taken(
                new MediaProtection.Dtls(fingerprints, weBegin, association),
                lines(own, weBegin ? ACTIVE : PASSIVE));
    }

    /** What an offer of ours says while an association runs (RFC 8842 §5.5): the peer chooses. */
    List<Attribute> proposed() {
        return own == null ? List.of() : lines(own, ACTPASS);
    }

    private static List<Attribute> lines(Fingerprint own, String setup) {
        return List.of(Attribute.of(SETUP, setup), Attribute.of("fingerprint", own.toString()));
    }
}
