package dev.roomline.media.sdp;

import dev.roomline.media.ice.IceCredentials;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is agreed of ICE with a SIP peer, and what our lines say of it (RFC 8839): an answer to who
 * offers it, as the lite side, and the same again in what we describe later. Remembers nothing.
 */
final class PhoneIceLines {
    private static final String UFRAG = "ice-ufrag";

    private final PhoneTerms terms;

    PhoneIceLines(PhoneTerms terms) {
        this.terms = terms;
    }

    /**
     * Of an offered line; null: the call goes without.
     *
     * @param before what holds
     */
    @Nullable IceAgreement answer(IceOffer offered, @Nullable PhoneMedia before) {
        if (!(offered instanceof IceOffer.Usable theirs) || terms.candidates().isEmpty()) {
            return null;
        }
        IceAgreement held = before == null ? null : before.ice();
        IceCredentials ours =
                held != null && held.isOf(theirs.ufrag(), theirs.password())
                        ? held.local()
                        : IceCredentials.generate(terms.security().random());
        return new IceAgreement(ours, theirs.ufrag(), theirs.password(), theirs.reports());
    }

    /** Of the answer to a line of ours, which says of ICE what holds; null: no more of it. */
    @Nullable IceAgreement answered(IceOffer answer, @Nullable PhoneMedia before) {
        IceAgreement held = before == null ? null : before.ice();
        return held != null && answer instanceof IceOffer.Usable theirs
                ? new IceAgreement(
                        held.local(), theirs.ufrag(), theirs.password(), theirs.reports())
                : null;
    }

    /** What our section says. */
    List<Attribute> section(@Nullable IceAgreement agreed, boolean muxed) {
        if (agreed == null) {
            return List.of();
        }
        List<Attribute> lines = new ArrayList<>();
        lines.add(Attribute.of(UFRAG, agreed.local().ufrag()));
        lines.add(Attribute.of("ice-pwd", agreed.local().password()));
        List<LocalCandidate> candidates = terms.candidates();
        for (int i = 0; i < candidates.size(); i++) {
            lines.add(candidates.get(i).attribute(i, 1));
            if (agreed.reports() && !muxed) {
                lines.add(candidates.get(i).attribute(i, 2));
            }
        }
        return lines;
    }

    /** What it says to who offered it and goes without. */
    List<Attribute> declined(IceOffer offered) {
        return offered instanceof IceOffer.Mismatched && !terms.candidates().isEmpty()
                ? List.of(Attribute.flag("ice-mismatch"))
                : List.of();
    }

    /** What the whole description says, if one of its sections speaks of ICE (RFC 8839 §5.3). */
    static List<Attribute> session(List<MediaDescription> sections) {
        for (MediaDescription section : sections) {
            if (section.attribute(UFRAG) != null) {
                return List.of(Attribute.flag("ice-lite"), Attribute.of("ice-options", "ice2"));
            }
        }
        return List.of();
    }
}
