package dev.roomline.bridge.overload;

import dev.roomline.bridge.overload.Strain.Lasting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Says when the server is overloaded, and what share of new calls it lets in meanwhile. Sans-IO:
 * {@link #sample} a few times a second. Owner: the signalling loop.
 *
 * <pre>
 *   a strain above its limit for its patience ──▶ it has tripped ──▶ below its relief for 5 s
 *   some have tripped ──▶ overloaded
 * </pre>
 *
 * <p>A strain that is between its relief and its limit counts only if it has tripped itself: media
 * loops that are busy, but not too busy, do not make a burst of signalling last as long as the
 * calls in progress.
 *
 * <p>What calls in progress cost (media, heap) is relieved only as they end: nothing new is let in.
 * What INVITEs cost (signalling, the store) is regulated: the share of new calls let in shrinks
 * with the excess and grows slowly, so that the server works at its limit instead of standing still
 * after each burst (the loss-based control of RFC 7339, kept on our side). Strangers pay first:
 * those who are known have their share cut only when that of strangers can shrink no more, so that
 * a flood from forged addresses does not shut out who has shown where he is.
 */
public final class OverloadControl {
    static final Duration CALM = Duration.ofSeconds(5);

    private static final double FIRST_SHARE = 0.5;
    private static final double LEAST_SHARE = 0.01;
    private static final double DEEPEST_CUT = 0.5;
    private static final double GROWTH = 1.1;

    private static final String RELIEVED =
            "what was too much has been relieved for less than " + CALM.toSeconds() + " s";

    /** Below this part of its limit a strain lets the share grow. */
    private static final double ROOM_TO_GROW = 0.9;

    private final Map<Strain, Long> aboveSinceNanos = new EnumMap<>(Strain.class);

    /** Those that tripped, and when each was last above its relief. */
    private final Map<Strain, Long> tripped = new EnumMap<>(Strain.class);

    private boolean active;
    private double strangers = 1;
    private double known = 1;
    private long times;
    private long activeNanos;
    private long lastNanos;
    private boolean sampled;

    /** Takes the vitals of now. */
    public Overload sample(Vitals vitals, long nowNanos) {
        if (active && sampled) {
            activeNanos += nowNanos - lastNanos;
        }
        sampled = true;
        lastNanos = nowNanos;
        for (Strain strain : Strain.values()) {
            follow(strain, vitals.of(strain), nowNanos);
        }
        if (!active && !tripped.isEmpty()) {
            active = true;
            times++;
            strangers = FIRST_SHARE;
        }
        if (active) {
            regulate(vitals);
        }
        if (tripped.isEmpty()) {
            active = false;
            strangers = 1;
            known = 1;
        }
        return told(vitals);
    }

    private void follow(Strain strain, double value, long nowNanos) {
        if (isOver(strain, value, nowNanos)) {
            tripped.put(strain, nowNanos);
            return;
        }
        if (value > strain.relief()) {
            tripped.computeIfPresent(strain, (_, _) -> nowNanos);
            return;
        }
        Long above = tripped.get(strain);
        if (above != null && nowNanos - above > CALM.toNanos()) {
            tripped.remove(strain);
        }
    }

    private boolean isOver(Strain strain, double value, long nowNanos) {
        if (value <= strain.limit()) {
            aboveSinceNanos.remove(strain);
            return false;
        }
        Long since = aboveSinceNanos.putIfAbsent(strain, nowNanos);
        return since != null && nowNanos - since >= strain.patience().toNanos();
    }

    private void regulate(Vitals vitals) {
        double worstOfKnown = worst(vitals, Lasting.KNOWN);
        double worst = Math.max(worstOfKnown, worst(vitals, Lasting.INVITES));
        boolean strangersPay = strangers > LEAST_SHARE;
        strangers *= factor(worst);
        if (worstOfKnown <= 1 || !strangersPay) {
            known *= factor(worstOfKnown);
        }
        strangers = Math.clamp(strangers, LEAST_SHARE, 1);
        known = Math.clamp(known, LEAST_SHARE, 1);
    }

    private static double worst(Vitals vitals, Lasting lasting) {
        double worst = 0;
        for (Strain strain : Strain.values()) {
            if (strain.lasting() == lasting) {
                worst = Math.max(worst, vitals.of(strain) / strain.limit());
            }
        }
        return worst;
    }

    private static double factor(double worst) {
        if (worst > 1) {
            return Math.max(DEEPEST_CUT, 1 / worst);
        }
        return worst < ROOM_TO_GROW ? GROWTH : 1;
    }

    private Overload told(Vitals vitals) {
        Map<Strain, Double> strains = new EnumMap<>(Strain.class);
        List<String> because = new ArrayList<>();
        boolean noneLetIn = false;
        for (Strain strain : Strain.values()) {
            double value = vitals.of(strain);
            strains.put(strain, value / strain.limit());
            if (tripped.containsKey(strain) && value > strain.relief()) {
                because.add(strain.told(value));
                noneLetIn |= strain.lasting() == Lasting.CALLS;
            }
        }
        if (active && because.isEmpty()) {
            because.add(RELIEVED);
        }
        return new Overload(
                active,
                noneLetIn ? 0 : strangers,
                noneLetIn ? 0 : known,
                because,
                strains,
                times,
                activeNanos / 1e9);
    }
}
