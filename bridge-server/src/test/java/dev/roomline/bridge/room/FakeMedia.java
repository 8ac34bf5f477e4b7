package dev.roomline.bridge.room;

import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.media.loop.MediaRoom;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A relay that answers as it is told and writes down what it is asked. */
public final class FakeMedia implements MediaRelay {
    /** What was asked, in order: {@code addPhone 1}, {@code release 1}, … */
    public final List<String> asked = new ArrayList<>();

    public @Nullable MediaListener listener;

    /** Legs that hold ports now. */
    public final Set<LegId> open = new HashSet<>();

    /** Rooms that hold a place on a loop now. */
    public int openRooms;

    /** Whether phones take telephone events. */
    public boolean takesKeys = true;

    /** Our own address in each description of a phone's media, in order. */
    public final List<InetAddress> phonesAt = new ArrayList<>();

    /** Where the last re-INVITE came from. */
    public @Nullable InetSocketAddress reofferedFrom;

    /** What the next questions are answered with; may be a stage that never ends. */
    public Supplier<CompletionStage<MediaRoom.Outcome>> outcome = () -> accepted("our sdp");

    /** How every leg sounds; may be a stage that never ends. */
    public CompletionStage<Optional<MediaRoom.LegReport>> report =
            CompletableFuture.completedStage(Optional.empty());

    public static CompletionStage<MediaRoom.Outcome> accepted(String sdp) {
        return CompletableFuture.completedStage(
                new MediaRoom.Outcome.Accepted(sdp.getBytes(StandardCharsets.UTF_8), false));
    }

    /** The same to an offer that holds us. */
    public static CompletableFuture<MediaRoom.Outcome> held(String sdp) {
        return CompletableFuture.completedFuture(
                new MediaRoom.Outcome.Accepted(sdp.getBytes(StandardCharsets.UTF_8), true));
    }

    public static CompletionStage<MediaRoom.Outcome> refused(MediaRoom.Refusal why) {
        return CompletableFuture.completedStage(
                new MediaRoom.Outcome.Refused(why, "what was wrong"));
    }

    public MediaListener listener() {
        if (listener == null) {
            throw new IllegalStateException("no room is open");
        }
        return listener;
    }

    @Override
    public MediaRoom openRoom(String label, MediaListener told) {
        asked.add("openRoom");
        openRooms++;
        listener = told;
        return new Room();
    }

    @Override
    public List<LoopReport> loops() {
        return List.of();
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }

    @Override
    public long bufferBytes() {
        return 0;
    }

    @Override
    public Map<String, Long> losses() {
        return Map.of();
    }

    @Override
    public void close() {}

    private final class Room implements MediaRoom {
        private CompletionStage<Outcome> ask(String what) {
            asked.add(what);
            return outcome.get();
        }

        @Override
        public CompletionStage<Outcome> addPhone(LegId leg, PhoneRequest request) {
            open.add(leg);
            phonesAt.add(request.localAddress().getAddress());
            return ask("addPhone" + (request.offer() == null ? " without offer" : ""));
        }

        @Override
        public CompletionStage<Outcome> addBrowser(LegId leg, BrowserRequest request) {
            return ask("addBrowser" + (request.maySpeak() ? "" : " listening only"));
        }

        @Override
        public CompletionStage<Outcome> reoffer(
                LegId leg, byte @Nullable [] offer, @Nullable InetSocketAddress from) {
            reofferedFrom = from;
            return ask("reoffer" + (offer == null ? " without offer" : ""));
        }

        @Override
        public CompletionStage<Outcome> propose(LegId leg) {
            return ask("propose");
        }

        @Override
        public void commit(LegId leg) {
            asked.add("commit");
        }

        @Override
        public void abandon(LegId leg) {
            asked.add("abandon");
        }

        @Override
        public CompletionStage<Outcome> answer(LegId leg, byte[] answer) {
            return ask("answer");
        }

        @Override
        public CompletionStage<Outcome> answerCalled(
                LegId leg, byte @Nullable [] answer, InetSocketAddress from, boolean early) {
            return ask(
                    (early ? "early answer " : "called answer ")
                            + (answer == null
                                    ? "as agreed"
                                    : new String(answer, StandardCharsets.UTF_8)));
        }

        @Override
        public CompletionStage<Boolean> press(
                LegId leg, String digits, int toneMillis, int gapMillis, boolean asTones) {
            String how = asTones ? "press " : "press by events ";
            asked.add(how + digits + " " + toneMillis + " " + gapMillis);
            return CompletableFuture.completedStage(takesKeys || asTones);
        }

        @Override
        public void join(LegId leg) {
            asked.add("join");
        }

        @Override
        public void release(LegId leg) {
            asked.add("release");
        }

        @Override
        public void setMuted(LegId leg, boolean muted) {
            asked.add("muted " + muted);
        }

        @Override
        public void setHeld(LegId leg, boolean held) {
            asked.add("held " + held);
        }

        @Override
        public void setVolume(LegId leg, double gainDb) {
            asked.add("volume " + gainDb);
        }

        @Override
        public CompletionStage<Outcome> move(LegId leg, MediaRoom to) {
            return ask("move");
        }

        @Override
        public void forget(LegId leg) {
            asked.add("forget");
        }

        @Override
        public void announce(short[] samples) {
            asked.add(samples.length == 0 ? "silence" : "announce " + samples.length);
        }

        @Override
        public void remove(LegId leg) {
            asked.add("remove");
            open.remove(leg);
        }

        @Override
        public CompletionStage<Optional<BlackBox>> blackBox(LegId leg) {
            return CompletableFuture.completedStage(Optional.empty());
        }

        @Override
        public CompletionStage<Optional<LegReport>> report(LegId leg) {
            return report;
        }

        @Override
        public void close() {
            asked.add("close");
            openRooms--;
        }
    }
}
