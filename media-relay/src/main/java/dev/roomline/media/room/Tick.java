package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.Leg;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.leg.Workbench;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 20 ms of a room: whoever is heard otherwise than by its own packets is pulled from its jitter
 * buffer, encoded for the slots that need it, and mixed; each who hears a mix is sent its own, and
 * who is owed packets silence. Owner: the room.
 */
final class Tick {
    static final long NANOS = 20_000_000L;

    private final List<Member> members;
    private final Slots slots;
    private final Forwards forwards;
    private final RoomEvents events;
    private final MixDown mix;

    private @Nullable Announcement announcement;
    private long lastDueNanos;
    private long nowNanos;

    /**
     * @param members the room's own list
     */
    Tick(List<Member> members, Slots slots, Forwards forwards, Workbench bench, RoomEvents events) {
        this.members = members;
        this.slots = slots;
        this.forwards = forwards;
        this.events = events;
        mix = new MixDown(bench);
    }

    /**
     * Whoever hears a mix hears this too, in place of what was announced before.
     *
     * @param samples 8 kHz; none: just silence
     */
    void announce(short[] samples) {
        announcement = samples.length == 0 ? null : new Announcement(samples);
    }

    boolean announces() {
        return announcement != null;
    }

    /** Plays 20 ms; who is heard, and by whom, is decided. */
    void play(long dueNanos, long now) {
        nowNanos = now;
        long frames = Math.max(1, Math.round((dueNanos - lastDueNanos) / (double) NANOS));
        lastDueNanos = dueNanos;
        mix.begin();
        playAnnouncement();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.faulty) {
                continue;
            }
            try {
                pull(member, dueNanos);
            } catch (RuntimeException fault) {
                member.fault(fault, events);
            }
        }
        chooseRates();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.faulty) {
                continue;
            }
            try {
                deliver(member, frames);
            } catch (RuntimeException fault) {
                member.fault(fault, events);
            }
        }
    }

    /** Only for those who may hear somebody wider than a telephone is more encoded. */
    private void chooseRates() {
        int wide = 0;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            wide += mayBeWide(member) ? 1 : 0;
        }
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            member.hearsWide = wide > (mayBeWide(member) ? 1 : 0);
            Listener listener = listenerOf(member);
            if (listener != null && !member.feed.isOn()) {
                listener.wide = member.hearsWide;
                boolean fadesOut = member.fadesOut() && member.feed.spliced == null;
                listener.fade(fadesOut, member.feed.silent && member.leg.hearsMix());
                mix.expect(listener);
            }
        }
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            Listener listener = member.listener;
            if (listener != null && !member.feed.isOn() && !member.faulty) {
                try {
                    prepare(member, listener);
                } catch (RuntimeException fault) {
                    member.fault(fault, events);
                }
            }
        }
    }

    /** Null while it has heard no mix and hears none now. */
    private static @Nullable Listener listenerOf(Member member) {
        if (member.listener == null && Audience.hearsMix(member)) {
            Listener listener = new Listener(member.leg);
            // its decoder knows nothing of the sound in whose midst the others are
            listener.beginsAnew = true;
            member.listener = listener;
        }
        return member.listener;
    }

    private void prepare(Member member, Listener listener) {
        if (member.hears()) {
            mix.prepare(listener, ownVoice(member));
        } else if (member.leg.owedPackets()) {
            mix.prepareSilence(listener);
        }
    }

    private static @Nullable Voice ownVoice(Member member) {
        return member.inSum ? member.leg.ear().voice() : null;
    }

    private static boolean mayBeWide(Member member) {
        return member.leg.audible() && member.leg.ear().isWide();
    }

    private void pull(Member member, long dueNanos) {
        member.inSum = false;
        Leg leg = member.leg;
        if (!leg.ear().isOpen()) {
            leg.ear().hush();
            if (!leg.audible()) {
                slots.hush(member, nowNanos);
            }
            return;
        }
        boolean sounds = leg.ear().pull(dueNanos, leg.pressingKey(nowNanos));
        if (sounds && member.chosen) {
            member.inSum = true;
            mix.add(leg.ear().voice());
        }
        if (leg.forwards() == AudioCodec.OPUS) {
            return;
        }
        boolean talks =
                leg.forwards() == null
                        ? leg.talk().update(leg.ear().levelDbov(), nowNanos)
                        : leg.talk().talking();
        if (talks) {
            slots.say(member, dueNanos, nowNanos);
        } else {
            slots.pause(member, nowNanos);
        }
    }

    private void deliver(Member member, long sinceLast) {
        Leg leg = member.leg;
        // the room's clock is none of its before its first tick here
        long frames = member.fresh ? 1 : sinceLast;
        member.fresh = false;
        if (forwards.isFed(member, nowNanos)) {
            return;
        }
        if (forwards.rest(member, nowNanos)) {
            frames = 1;
        }
        boolean hears = Audience.hearsMix(member);
        if (!hears && !leg.owedPackets()) {
            leg.skipMix(frames);
            return;
        }
        Listener listener = member.listener;
        if (listener == null) {
            listener = new Listener(leg);
            member.listener = listener;
        }
        listener.wide = member.hearsWide;
        leg.skipMix(frames - 1);
        member.feed.silent = !hears && !member.feed.isOn();
        if (hears) {
            mix.deliver(listener, ownVoice(member));
            member.ended = !leg.hearsMix() && (listener.dips() || member.ended);
            if (member.ended && !leg.owedPackets()) {
                // nothing follows: what it hears afterwards begins anew
                member.feed.silent = true;
                listener.forget();
            }
        } else {
            mix.deliverSilence(listener);
        }
    }

    private void playAnnouncement() {
        Announcement playing = announcement;
        if (playing != null) {
            mix.add(playing.next());
            if (playing.isOver()) {
                announcement = null;
            }
        }
    }

    void close() {
        mix.close();
    }
}
