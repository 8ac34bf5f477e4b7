package dev.roomline.media.loop;

import dev.roomline.media.leg.BlackBox;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.Leg;
import dev.roomline.media.leg.LegLoss;
import dev.roomline.media.leg.LegStatus;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.media.room.Room;
import dev.roomline.media.room.RoomEvents;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room on its loop: its legs' seats, and the way from the room to the product. Owner: the loop.
 */
final class LoopRoom implements TickWheel.Ticking, RoomEvents {
    private static final Logger LOG = LoggerFactory.getLogger(LoopRoom.class);

    private final MediaLoop loop;
    private final Arrivals arrivals;
    private final Departures departures;
    private final MediaListener listener;
    private final Room room;
    private final Map<Integer, Seat> seats = new HashMap<>();

    /** Legs that a bug of ours struck. */
    private final Set<Integer> faulty = new HashSet<>();

    private int phase;
    private boolean ticking;
    private boolean closed;

    LoopRoom(MediaLoop loop, LoopShare share, String label, MediaListener listener) {
        this.loop = loop;
        this.listener = listener;
        room = new Room(label, loop.bench(), this);
        arrivals = new Arrivals(loop, this, share);
        departures = new Departures(loop, this);
    }

    Room room() {
        return room;
    }

    int phase() {
        return phase;
    }

    /** Prepares for something that came for this leg; false if it may not be touched any more. */
    boolean begin(Leg leg, long nowNanos) {
        room.at(nowNanos);
        return faulty.isEmpty() || !faulty.contains(leg.id());
    }

    /** Whether it has a seat here, and none elsewhere. */
    boolean holds(Seat seat) {
        return seats.get(seat.leg().id()) == seat;
    }

    // ---- what the product asks

    /** Who comes. */
    Arrivals arrivals() {
        return arrivals;
    }

    /** Who goes into another room. */
    Departures departures() {
        return departures;
    }

    boolean isClosed() {
        return closed;
    }

    /** Its first description stands: it takes part. */
    void admit(Seat seat) {
        seated(seat);
        room.add(seat.leg());
    }

    /** It comes from another room. */
    void adopt(PhoneSeat seat) {
        seated(seat);
        room.at(loop.now());
        room.arrive(seat.leg());
    }

    private void seated(Seat seat) {
        int id = seat.leg().id();
        seats.put(id, seat);
        departures.forget(new LegId(id));
        loop.legCount.incrementAndGet();
    }

    Outcome reoffer(
            LegId id, byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress) {
        room.at(loop.now());
        Seat seat = seats.get(id.value());
        if (seat == null) {
            return noSuchLeg(id);
        }
        Outcome outcome = seat.reoffer(offer, signallingAddress);
        room.renegotiated(id.value());
        return outcome;
    }

    Outcome propose(LegId id) {
        room.at(loop.now());
        Seat seat = seats.get(id.value());
        return seat == null ? noSuchLeg(id) : seat.propose();
    }

    Outcome answer(LegId id, byte[] answer) {
        room.at(loop.now());
        Seat seat = seats.get(id.value());
        return seat == null ? noSuchLeg(id) : seat.answer(answer);
    }

    Outcome answerCalled(
            LegId id, byte @Nullable [] answer, InetSocketAddress from, boolean early) {
        room.at(loop.now());
        return seats.get(id.value()) instanceof PhoneSeat seat
                ? seat.answerCalled(answer, from, early)
                : noSuchLeg(id);
    }

    boolean press(LegId id, String digits, int toneMillis, int gapMillis, boolean asTones) {
        room.at(loop.now());
        return seats.get(id.value()) instanceof PhoneSeat seat
                && seat.leg().press(digits, toneMillis, gapMillis, asTones);
    }

    static Outcome noSuchLeg(LegId id) {
        return new Outcome.Refused(Refusal.NO_SUCH_LEG, "leg " + id.value() + " is not here");
    }

    /** Does something with a leg if it is here. */
    void with(LegId id, Consumer<Seat> action) {
        room.at(loop.now());
        Seat seat = seats.get(id.value());
        if (seat != null) {
            action.accept(seat);
        }
    }

    void remove(LegId id) {
        arrivals.callOff(id);
        Seat seat = seats.remove(id.value());
        if (seat == null) {
            return;
        }
        room.at(loop.now());
        loop.step("removing_a_leg", () -> room.remove(id.value()));
        loop.step("closing_a_seat", seat::close);
        faulty.remove(id.value());
        loop.legCount.decrementAndGet();
    }

    /** A phone that may go into another room; null: there is none of that name. */
    @Nullable PhoneSeat movable(LegId id) {
        return seats.get(id.value()) instanceof PhoneSeat seat && !faulty.contains(id.value())
                ? seat
                : null;
    }

    /** It lives on elsewhere. */
    void letGo(PhoneSeat seat) {
        int id = seat.leg().id();
        if (seats.remove(id, seat)) {
            room.at(loop.now());
            loop.step("releasing_a_leg", () -> room.release(id));
            faulty.remove(id);
            loop.legCount.decrementAndGet();
        }
    }

    /** Whoever hears a mix hears this. */
    void announce(short[] samples) {
        room.at(loop.now());
        room.announce(samples);
    }

    Optional<LegReport> report(LegId id) {
        Seat seat = seats.get(id.value());
        return seat == null
                ? Optional.empty()
                : Optional.of(reportOf(seat.leg().status(room.label(), loop.now())));
    }

    Optional<BlackBox.Rows> blackBox(LegId id) {
        Seat seat = seats.get(id.value());
        return seat == null ? Optional.empty() : seat.leg().blackBox();
    }

    private static LegReport reportOf(LegStatus status) {
        return new LegReport(
                status.path(),
                status.encryption(),
                status.codecSent(),
                status.codecReceived(),
                directionOf(status.received()),
                directionOf(status.sent()),
                status.concealedShare(),
                status.rttMillis(),
                status.levelDbov());
    }

    private static MediaRoom.Direction directionOf(LegStatus.Flow flow) {
        return new MediaRoom.Direction(
                flow.packets(),
                flow.bytes(),
                flow.lossShare(),
                flow.jitterMillis(),
                flow.burstRatio(),
                flow.mos());
    }

    void attach() {
        loop.attach(this);
    }

    Collection<Seat> seats() {
        return seats.values();
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Seat seat : new ArrayList<>(seats.values())) {
            int id = seat.leg().id();
            if (seat instanceof PhoneSeat phone && departures.isLeaving(id)) {
                letGo(phone);
            } else {
                remove(new LegId(id));
            }
        }
        room.at(loop.now());
        loop.step("closing_a_room", room::close);
        loop.detach(this);
        loop.roomCount.decrementAndGet();
    }

    // ---- what the loop asks

    @Override
    public void tick(long dueNanos, long nowNanos) {
        try {
            room.tick(dueNanos, nowNanos);
        } catch (RuntimeException bug) {
            onFault(bug);
        }
    }

    /** No leg is to blame alone: the room ends, the loop's other rooms go on. */
    private void onFault(RuntimeException bug) {
        for (int leg : new ArrayList<>(seats.keySet())) {
            onFault(leg, bug);
        }
    }

    @Override
    public boolean wantsTick() {
        boolean wanted = room.wantsTick();
        ticking = wanted && !closed && faulty.size() < Math.max(1, seats.size());
        if (wanted && !ticking) {
            room.pause();
        }
        return ticking;
    }

    void maintain(long nowNanos) {
        try {
            room.maintain(nowNanos);
        } catch (RuntimeException bug) {
            onFault(bug);
        }
        for (Seat seat : seats.values()) {
            try {
                if (seat instanceof PhoneSeat phone && !departures.isLeaving(phone.leg().id())) {
                    phone.maintain(nowNanos);
                }
            } catch (RuntimeException bug) {
                onFault(seat.leg().id(), bug);
            }
        }
    }

    // ---- what the room tells

    @Override
    public void onWake() {
        if (!ticking && !closed) {
            ticking = true;
            // chosen anew at each waking: then it is known who ticks beside it
            phase = loop.wheel().leastLoadedPhase();
            loop.wheel().start(this, phase, loop.now());
        }
    }

    @Override
    public void onConnected(int leg) {
        listener.onConnected(new LegId(leg));
    }

    @Override
    public void onAddress(int leg, InetSocketAddress remote, String why) {
        listener.onAddress(new LegId(leg), remote, why);
    }

    @Override
    public void onTalking(int leg, boolean talking) {
        listener.onTalking(new LegId(leg), talking);
    }

    @Override
    public void onSlots(int browser, int[] carries) {
        if (seats.get(browser) instanceof BrowserSeat seat) {
            Map<String, LegId> slots = new HashMap<>();
            for (int i = 0; i < carries.length; i++) {
                if (carries[i] != 0) {
                    slots.put(seat.leg().slotMid(i), new LegId(carries[i]));
                }
            }
            listener.onSlots(new LegId(browser), slots);
        }
    }

    @Override
    public void onDtmf(int leg, char digit, int durationMillis) {
        listener.onDtmf(new LegId(leg), digit, durationMillis);
    }

    @Override
    public void onLost(int leg, LegLoss loss, String detail) {
        loop.lossCounters().count(loss);
        Loss told =
                switch (loss) {
                    case MEDIA_TIMEOUT -> Loss.MEDIA_TIMEOUT;
                    case CONSENT_EXPIRED -> Loss.CONSENT_EXPIRED;
                    case DTLS_FAILED -> Loss.DTLS_FAILED;
                    case DTLS_CLOSED -> Loss.DTLS_CLOSED;
                    case PORT_CLOSED -> Loss.PORT_CLOSED;
                    case FAULT -> Loss.FAULT;
                };
        listener.onLost(new LegId(leg), told, detail);
    }

    @Override
    public void onFault(int leg, RuntimeException fault) {
        if (faulty.add(leg)) {
            loop.bench().drop(Drop.LEG_FAULT);
            LOG.error(
                    "event=media_leg_fault loop={} room={} leg={}",
                    loop.index(),
                    room.label(),
                    leg,
                    fault);
            onLost(leg, LegLoss.FAULT, "an internal fault; see the log");
        }
    }
}
