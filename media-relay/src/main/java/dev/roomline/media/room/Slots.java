package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.MediaClock;
import dev.roomline.media.leg.SoundPacket;
import dev.roomline.media.leg.Workbench;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings each voice of a room into the slots of its browsers. What goes wrong while one of them is
 * sent something is that browser's fault, and not the speaker's. Owner: the room.
 */
final class Slots {
    /** Those that have slots. */
    private final List<Member> browsers = new ArrayList<>();

    private final Workbench bench;
    private final RoomEvents events;
    private final SoundPacket encoded = new SoundPacket();

    Slots(Workbench bench, RoomEvents events) {
        this.bench = bench;
        this.events = events;
    }

    /** Gives a browser as many slots as its description has. */
    void fit(Member member) {
        if (!(member.leg instanceof BrowserLeg browser)) {
            return;
        }
        SlotForwarder slots = member.slots;
        int missing = browser.slots() - (slots == null ? 0 : slots.size());
        if (missing <= 0) {
            return;
        }
        int[] sequences = new int[missing];
        for (int i = 0; i < missing; i++) {
            sequences[i] = bench.random().nextInt(0x8000);
        }
        if (slots == null) {
            member.slots = new SlotForwarder(sequences, browser::sendSlot);
            browsers.add(member);
        } else {
            slots.add(sequences);
        }
    }

    /** Whether it can be sent anybody in slots now. */
    static boolean hears(Member member) {
        return member.slots != null
                && !member.faulty
                && member.leg instanceof BrowserLeg browser
                && browser.hearsSlots();
    }

    /** Whether anybody hears this one in slots, and not as its own packets. */
    boolean needEncoding(Member from, long nowNanos) {
        AudioCodec own = from.leg.forwards();
        for (int i = 0; i < browsers.size(); i++) {
            Member to = browsers.get(i);
            SlotForwarder slots = to.slots;
            if (to == from || slots == null || !hears(to)) {
                continue;
            }
            AudioCodec wish = wish(from, to);
            if (own == null || slots.codecFor(from.leg.id(), own, wish, nowNanos) != own) {
                return true;
            }
        }
        return false;
    }

    /** As what a browser should hear somebody: as it comes, where it can play that. */
    private AudioCodec wish(Member from, Member to) {
        AudioCodec own = from.leg.forwards();
        if (own == null || own == AudioCodec.OPUS || !(to.leg instanceof BrowserLeg browser)) {
            return AudioCodec.OPUS;
        }
        boolean passes =
                switch (bench.passThrough()) {
                    case ALWAYS -> true;
                    case NEVER -> false;
                    case AUTO -> !browser.wantsRedundancy();
                };
        return passes && browser.plays(own) ? own : AudioCodec.OPUS;
    }

    /** Somebody speaks whose packets do not serve all: 20 ms, encoded once for those others. */
    void say(Member from, long dueNanos, long nowNanos) {
        int length = needEncoding(from, nowNanos) ? from.voice.encode(from.leg.ear().frame()) : 0;
        if (length == 0) {
            tellTalking(from);
            return;
        }
        long timestamp = MediaClock.ticks(dueNanos);
        from.voice.clock().onPacket(timestamp, dueNanos);
        encoded.set(
                AudioCodec.OPUS,
                from.voice.sequence(),
                timestamp,
                from.leg.ear().levelDbov(),
                from.voice.packet(),
                0,
                length);
        forward(from, from.voice.clock(), encoded, nowNanos);
    }

    /**
     * Sends a packet of somebody who speaks into everybody else's slots that take it.
     *
     * @return whether anybody could play it
     */
    boolean forward(Member from, SourceClock clock, SoundPacket sound, long nowNanos) {
        boolean played = false;
        for (int i = 0; i < browsers.size(); i++) {
            Member to = browsers.get(i);
            SlotForwarder slots = to.slots;
            if (to == from || slots == null || !hears(to)) {
                continue;
            }
            try {
                played |= offer(from, to, slots, clock, sound, nowNanos);
            } catch (RuntimeException fault) {
                to.fault(fault, events);
            }
        }
        tellTalking(from);
        return played;
    }

    private boolean offer(
            Member from,
            Member to,
            SlotForwarder slots,
            SourceClock clock,
            SoundPacket sound,
            long nowNanos) {
        AudioCodec own = from.leg.forwards();
        SlotForwarder.Verdict verdict =
                slots.offer(
                        from.leg.id(),
                        clock,
                        own == null ? AudioCodec.OPUS : own,
                        wish(from, to),
                        from.leg.talk().loudnessDbov(),
                        sound,
                        nowNanos);
        switch (verdict) {
            case SENT -> tellSlots(to, slots);
            case LATE -> bench.drop(Drop.SLOT_LATE);
            case NO_SLOT -> bench.drop(Drop.NO_SLOT);
            case TOO_MUCH -> bench.drop(Drop.SLOT_FLOOD);
            case OTHER_CODEC -> {
                return false;
            }
        }
        return true;
    }

    /** Somebody ceased to speak: the sound is ended wherever it was carried. */
    void pause(Member from, long nowNanos) {
        for (int i = 0; i < browsers.size(); i++) {
            end(browsers.get(i), from.leg.id(), false, nowNanos);
        }
        tellTalking(from);
    }

    private void end(Member to, int source, boolean left, long nowNanos) {
        SlotForwarder slots = to.slots;
        if (slots == null || to.faulty) {
            return;
        }
        try {
            if (left) {
                slots.leave(source, nowNanos);
                tellSlots(to, slots);
            } else {
                slots.pause(source, nowNanos);
            }
        } catch (RuntimeException fault) {
            to.fault(fault, events);
        }
    }

    /** Somebody may not be heard any more. */
    void hush(Member from, long nowNanos) {
        if (from.toldTalking) {
            from.leg.talk().silence();
            pause(from, nowNanos);
        }
    }

    private void tellSlots(Member browser, SlotForwarder slots) {
        if (slots.takeChanged()) {
            events.onSlots(browser.leg.id(), slots.carries());
        }
    }

    /** Tells the product if that changed. */
    void tellTalking(Member member) {
        boolean talking = member.leg.talk().talking();
        if (talking != member.toldTalking) {
            member.toldTalking = talking;
            events.onTalking(member.leg.id(), talking);
        }
    }

    /** Somebody left the room: its slots are gone, and those that carried it are free. */
    void leave(int id, long nowNanos) {
        browsers.removeIf(browser -> browser.leg.id() == id);
        for (int i = 0; i < browsers.size(); i++) {
            end(browsers.get(i), id, true, nowNanos);
        }
    }
}
