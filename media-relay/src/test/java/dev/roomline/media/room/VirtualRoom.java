package dev.roomline.media.room;

import dev.roomline.media.codec.CountingCodecs;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.LegLoss;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A room in virtual time, in steps of a millisecond, that ticks when it asks for it. */
final class VirtualRoom implements RoomEvents {
    static final long MILLI = 1_000_000L;

    final CountingCodecs codecs = new CountingCodecs();
    final DropCounters drops = new DropCounters();
    final Workbench bench;
    final Room room;
    final List<String> told = new ArrayList<>();

    /** What everybody does each millisecond. */
    final List<Runnable> everybody = new ArrayList<>();

    /** Legs that are expected to fault; what strikes another one ends the test. */
    final Set<Integer> mayFault = new HashSet<>();

    int ticks;
    private long nowMillis = 1_000;
    private long nextTickMillis = -1;

    VirtualRoom(PassThroughPolicy policy) {
        bench = new Workbench(codecs, 5, policy, drops, new Random(5), 0);
        room = new Room("abc-defg-hij", bench, this);
    }

    /** A room of the same loop as another. */
    VirtualRoom(VirtualRoom beside) {
        bench = beside.bench;
        room = new Room("mno-pqrs-tuv", bench, this);
    }

    long nowMillis() {
        return nowMillis;
    }

    long nowNanos() {
        return nowMillis * MILLI;
    }

    void pass(int millis) {
        for (int i = 0; i < millis; i++) {
            nowMillis++;
            room.at(nowNanos());
            everybody.forEach(Runnable::run);
            if (nextTickMillis == nowMillis) {
                ticks++;
                room.tick(nowNanos(), nowNanos());
                nextTickMillis = room.wantsTick() ? nowMillis + 20 : -1;
            }
            if (nowMillis % 100 == 0) {
                room.maintain(nowNanos());
            }
        }
    }

    @Override
    public void onWake() {
        if (nextTickMillis < 0) {
            nextTickMillis = (nowMillis / 20 + 1) * 20;
        }
    }

    @Override
    public void onConnected(int leg) {}

    @Override
    public void onTalking(int leg, boolean talking) {
        told.add((talking ? "talks " : "is quiet ") + leg);
    }

    @Override
    public void onSlots(int browser, int[] carries) {
        told.add("slots of " + browser + " " + Arrays.toString(carries));
    }

    @Override
    public void onDtmf(int leg, char digit, int durationMillis) {
        told.add("digit " + digit + " of " + leg);
    }

    @Override
    public void onLost(int leg, LegLoss loss, String detail) {}

    @Override
    public void onFault(int leg, RuntimeException fault) {
        if (!mayFault.contains(leg)) {
            throw fault;
        }
        told.add("fault of " + leg);
    }
}
