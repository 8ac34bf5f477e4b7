package dev.roomline.media.room;

import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.Leg;
import dev.roomline.media.leg.LegEvents;
import dev.roomline.media.leg.LegLoss;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.SoundPacket;
import dev.roomline.media.leg.Workbench;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who hears whom. A browser's Opus and a phone's G.711 and G.722 go into browsers' slots as they
 * come; a tick each 20 ms makes the rest: whoever is mixed, or heard by a browser that cannot have
 * its own packets, is pulled from its jitter buffer, encoded once for all such slots, and everybody
 * who hears a mix gets the loudest but itself. A room in which nobody can be heard and nobody is
 * owed packets does not tick. Sans-IO. Owner: one media loop.
 */
public final class Room implements LegEvents {
    /** After the last sound ticks go on this long, so that jitter buffers and mixes run out. */
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final String label;
    private final Workbench bench;
    private final RoomEvents events;
    private final List<Member> members = new ArrayList<>();
    private final Slots slots;
    private final Audience audience;
    private final Forwards forwards;
    private final Tick tick;

    private boolean ticking;
    private long lastSoundNanos;
    private long nowNanos;

    /**
     * @param label as it stands in legs' paths
     */
    public Room(String label, Workbench bench, RoomEvents events) {
        this.label = label;
        this.bench = bench;
        this.events = events;
        slots = new Slots(bench, events);
        audience = new Audience(members, slots);
        forwards = new Forwards(members, bench, events);
        tick = new Tick(members, slots, forwards, bench, events);
    }

    public String label() {
        return label;
    }

    /** The loop's clock at what is being handled; set before anything else is called. */
    public void at(long now) {
        nowNanos = now;
    }

    public int size() {
        return members.size();
    }

    /** Adds a leg that is ready to send and receive. */
    public void add(Leg leg) {
        Member member = new Member(leg, new SlotVoice(bench));
        slots.fit(member);
        members.add(member);
    }

    /** A later description of the leg was agreed: it may have more slots. */
    public void renegotiated(int id) {
        Member member = member(id);
        if (member != null) {
            slots.fit(member);
        }
    }

    /** The leg of this number; null if there is none. */
    public @Nullable Leg leg(int id) {
        Member member = member(id);
        return member == null ? null : member.leg;
    }

    private @Nullable Member member(int id) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).leg.id() == id) {
                return members.get(i);
            }
        }
        return null;
    }

    /**
     * Takes a leg out; its sound ends cleanly where it was heard. What it holds is freed whatever
     * goes wrong on the way.
     */
    public void remove(int id) {
        Member member = member(id);
        if (member == null) {
            return;
        }
        members.remove(member);
        try {
            slots.leave(id, nowNanos);
        } finally {
            free(member);
        }
    }

    private void free(Member member) {
        try {
            member.close();
        } finally {
            member.leg.close(nowNanos);
        }
    }

    /** Hands a phone over to another room: nothing of it ends. */
    public void release(int id) {
        Member member = member(id);
        if (member != null && member.leg instanceof PhoneLeg phone) {
            members.remove(member);
            slots.leave(id, nowNanos);
            member.close();
            phone.leave(nowNanos);
            arrange();
        }
    }

    /**
     * Takes in a phone that was {@link #release released}. Who took part there is heard here with
     * its next packet, also where nobody needed a tick until now.
     */
    public void arrive(PhoneLeg phone) {
        add(phone);
        phone.arrive(nowNanos);
        arrange();
    }

    /**
     * Whoever hears a mix hears this too from now on, and what was announced before no more.
     *
     * @param samples 8 kHz; none: just silence
     */
    public void announce(short[] samples) {
        tick.announce(samples);
        wake();
    }

    /** Takes everybody out. */
    public void close() {
        while (!members.isEmpty()) {
            remove(members.getLast().leg.id());
        }
        tick.close();
    }

    // ---- what legs tell

    @Override
    public void onConnected(Leg leg) {
        events.onConnected(leg.id());
    }

    @Override
    public void onAddress(Leg leg, InetSocketAddress remote, String why) {
        events.onAddress(leg.id(), remote, why);
    }

    @Override
    public void onSound(Leg leg) {
        lastSoundNanos = nowNanos;
        wake();
    }

    private void wake() {
        if (!ticking && wantsTick()) {
            ticking = true;
            events.onWake();
        }
    }

    @Override
    public boolean onPacket(Leg leg, SoundPacket sound, long now) {
        Member from = member(leg.id());
        if (from == null) {
            return false;
        }
        from.clock.onPacket(sound.timestamp(), now);
        boolean talked = leg.talk().talking();
        boolean talks = leg.talk().update(sound.levelDbov(), now);
        from.resumes = from.paused;
        from.paused = false;
        if (talks != talked || from.resumes) {
            arrange();
        }
        from.resumes = false;
        boolean handed = forwards.hand(from, sound, now);
        if (!talks) {
            slots.pause(from, now);
            return true;
        }
        return slots.forward(from, from.clock, sound, now) || handed;
    }

    /** Decides who is mixed, who hears whom, and whose ears must be open for it. */
    private void arrange() {
        Loudest.choose(members);
        forwards.plan(tick.announces(), nowNanos);
        audience.openEars(nowNanos);
        wake();
    }

    @Override
    public void onPause(Leg leg) {
        Member from = member(leg.id());
        if (from != null) {
            slots.pause(from, nowNanos);
            if (!from.paused) {
                from.paused = true;
                arrange();
            }
        }
    }

    @Override
    public void onDtmf(Leg leg, char digit, int durationMillis) {
        events.onDtmf(leg.id(), digit, durationMillis);
    }

    @Override
    public void onLost(Leg leg, LegLoss loss, String detail) {
        events.onLost(leg.id(), loss, detail);
    }

    // ---- ticks

    /** Somebody is owed packets, or hears something now. */
    public boolean wantsTick() {
        boolean sounding = nowNanos - lastSoundNanos < LINGER_NANOS;
        boolean wanted = false;
        for (int i = 0; i < members.size() && !wanted; i++) {
            Member member = members.get(i);
            wanted =
                    isOwed(member)
                            || member.fadesOut()
                            || (sounding && needsTicks(member))
                            || (tick.announces() && member.leg.hearsMix());
        }
        if (!wanted) {
            ticking = false;
        }
        return wanted;
    }

    /** Its ticks were stopped from outside: the next sound asks for them again. */
    public void pause() {
        ticking = false;
    }

    /** Nobody else's packets keep it content. */
    private boolean isOwed(Member member) {
        return member.leg.owedPackets() && !forwards.isFed(member, nowNanos);
    }

    /** Phones' sound is played by ticks where somebody needs it decoded; mixes are made by them. */
    private boolean needsTicks(Member member) {
        return switch (member.leg) {
            case PhoneLeg phone ->
                    phone.audible()
                            && (phone.ear().isOpen()
                                    || phone.forwards() == null
                                    || slots.needEncoding(member, nowNanos));
            case BrowserLeg browser -> browser.hearsMix();
        };
    }

    /** Plays 20 ms. */
    public void tick(long dueNanos, long now) {
        nowNanos = now;
        arrange();
        tick.play(dueNanos, now);
    }

    /** Reports, time-outs, sounds that were cut off: ten times a second. */
    public void maintain(long now) {
        nowNanos = now;
        audience.tellLoss(nowNanos);
        if (!ticking) {
            arrange();
        }
        for (int i = members.size() - 1; i >= 0; i--) {
            Member member = members.get(i);
            if (member.faulty) {
                continue;
            }
            try {
                maintain(member);
            } catch (RuntimeException fault) {
                member.fault(fault, events);
            }
        }
    }

    private void maintain(Member member) {
        member.leg.maintain(nowNanos);
        SlotForwarder forwarder = member.slots;
        if (forwarder != null) {
            forwarder.settle(nowNanos);
        }
        if (!member.leg.audible()) {
            slots.hush(member, nowNanos);
        } else if (!member.leg.talk().settle(nowNanos)) {
            slots.tellTalking(member);
        }
    }
}
