package dev.roomline.media.room;

import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.MediaClock;
import dev.roomline.media.leg.Workbench;
import java.util.List;

/** Brings each voice of a room into the slots of its browsers. Owner: the room. */
final class Slots {
    private final List<Member> members;
    private final Workbench bench;
    private final RoomEvents events;

    /**
     * @param members the room's own list
     */
    Slots(List<Member> members, Workbench bench, RoomEvents events) {
        this.members = members;
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
        } else {
            slots.add(sequences);
        }
    }

    /** Whether it can be sent anybody in slots now. */
    static boolean hears(Member member) {
        return member.slots != null
                && member.leg instanceof BrowserLeg browser
                && browser.hearsSlots();
    }

    /** A phone speaks: 20 ms of it, encoded once if any browser hears them. */
    void say(Member from, long dueNanos, long nowNanos) {
        boolean wanted = false;
        for (int i = 0; i < members.size(); i++) {
            wanted |= members.get(i) != from && hears(members.get(i));
        }
        int length = wanted ? from.voice.encode(from.leg.ear().frame()) : 0;
        if (length == 0) {
            tellTalking(from);
            return;
        }
        long timestamp = MediaClock.ticks(dueNanos);
        from.clock.onPacket(timestamp, dueNanos);
        forward(
                from,
                from.voice.sequence(),
                timestamp,
                from.leg.ear().levelDbov(),
                from.voice.packet(),
                0,
                length,
                nowNanos);
    }

    /** Sends a packet of somebody who speaks into everybody else's slots. */
    void forward(
            Member from,
            long sequence,
            long timestamp,
            int levelDbov,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        for (int i = 0; i < members.size(); i++) {
            Member to = members.get(i);
            SlotForwarder slots = to.slots;
            if (to == from || slots == null || !hears(to)) {
                continue;
            }
            SlotForwarder.Verdict verdict =
                    slots.offer(
                            from.leg.id(),
                            from.clock,
                            sequence,
                            timestamp,
                            levelDbov,
                            from.leg.talk().loudnessDbov(),
                            payload,
                            offset,
                            length,
                            nowNanos);
            switch (verdict) {
                case SENT -> tellSlots(to, slots);
                case LATE -> bench.drop(Drop.SLOT_LATE);
                case NO_SLOT -> bench.drop(Drop.NO_SLOT);
            }
        }
        tellTalking(from);
    }

    /** Somebody ceased to speak: the sound is ended wherever it was carried. */
    void pause(Member from) {
        for (int i = 0; i < members.size(); i++) {
            SlotForwarder slots = members.get(i).slots;
            if (slots != null) {
                slots.pause(from.leg.id());
            }
        }
        tellTalking(from);
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

    /** Somebody left the room: the slots that carried it are free. */
    void leave(int id) {
        for (int i = 0; i < members.size(); i++) {
            Member to = members.get(i);
            SlotForwarder slots = to.slots;
            if (slots != null) {
                slots.leave(id);
                tellSlots(to, slots);
            }
        }
    }
}
