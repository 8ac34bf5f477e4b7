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
 * after each burst (the loss-based control of RFC 7339, kept on our side).
 */
public final class OverloadControl {
    static final Duration CALM = Duration.ofSeconds(5);

    private static final double FIRST_SHARE = 0.5;
    private static final double LEAST_SHARE = 0.01;
    private static final double DEEPEST_CUT = 0.5;
    private static final double GROWTH = 1.04;

    /** Below this part of its limit a strain lets the share grow. */
    private static final double ROOM_TO_GROW = 0.9;

    private final Map<Strain, Long> aboveSinceNanos = new EnumMap<>(Strain.class);

    /** Those that tripped, and when each was last above its relief. */
    private final Map<Strain, Long> tripped = new EnumMap<>(Strain.class);

    private boolean active;
    private double share = 1;
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
            share = FIRST_SHARE;
        }
        if (active) {
            regulate(vitals);
        }
        if (tripped.isEmpty()) {
            active = false;
            share = 1;
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
        double worst = 0;
        for (Strain strain : Strain.values()) {
            if (strain.lasting() == Lasting.INVITES) {
                worst = Math.max(worst, vitals.of(strain) / strain.limit());
            }
        }
        if (worst > 1) {
            share *= Math.max(DEEPEST_CUT, 1 / worst);
        } else if (worst < ROOM_TO_GROW) {
            share *= GROWTH;
        }
        share = Math.clamp(share, LEAST_SHARE, 1);
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
        double letIn = noneLetIn ? 0 : share;
        return new Overload(active, letIn, because, strains, times, activeNanos / 1e9);
    }
}
