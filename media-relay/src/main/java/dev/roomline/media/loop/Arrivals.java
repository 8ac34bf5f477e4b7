package dev.roomline.media.loop;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.loop.MediaRoom.BrowserRequest;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.media.sdp.IceWish;
import dev.roomline.media.sdp.LocalCandidate;
import dev.roomline.media.sdp.OtherFamily;
import dev.roomline.media.sdp.PhoneTerms;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How legs come into a room: their sockets are opened and their first description is answered, or a
 * phone comes from another room and has all that. Owner: the loop.
 */
final class Arrivals {
    private static final int PTIME_MILLIS = 20;

    private final MediaLoop loop;
    private final LoopRoom room;
    private final LoopShare share;

    /** Legs whose sockets are being opened. */
    private final Set<Integer> opening = new HashSet<>();

    Arrivals(MediaLoop loop, LoopRoom room, LoopShare share) {
        this.loop = loop;
        this.room = room;
        this.share = share;
    }

    /** It is not wanted any more. */
    void callOff(LegId id) {
        opening.remove(id.value());
    }

    void addPhone(LegId id, PhoneRequest request, CompletableFuture<Outcome> done) {
        Ends ends = ends(request);
        Optional<InetAddress> bind = share.addresses().bindFor(ends.peer(), ends.local());
        if (bind.isEmpty()) {
            done.complete(
                    new Outcome.Refused(
                            Refusal.UNSUPPORTED_OFFER,
                            "no address of the peer's family is bound for media"));
            return;
        }
        List<AudioCodec> codecs = share.codecs(request.codecs());
        if (codecs.isEmpty()) {
            done.complete(
                    new Outcome.Refused(
                            Refusal.NO_COMMON_CODEC, "none of the configured codecs is served"));
            return;
        }
        PhoneSeat seat =
                new PhoneSeat(
                        loop,
                        room,
                        share.rtpPorts(),
                        id,
                        request,
                        share.cname(),
                        share.settings().silenceTimeout(),
                        share.handshakes());
        byte[] offer = request.offer();
        IceWish wish = offer == null ? IceWish.NONE : IceWish.of(offer);
        opening.add(id.value());
        seat.ports()
                .open(
                        bind.get(),
                        second(wish, bind.get()),
                        open -> {
                            boolean wanted = opening.remove(id.value()) && !room.isClosed();
                            settle(
                                    seat,
                                    done,
                                    () ->
                                            wanted
                                                    ? opened(
                                                            seat, request, ends, codecs, wish, open)
                                                    : gone(seat));
                        });
    }

    /** Between which addresses a phone's sound goes, as far as they are known beforehand. */
    private record Ends(InetAddress peer, InetAddress local) {}

    /** As its signalling does, unless its offer names an address of the other family. */
    private Ends ends(PhoneRequest request) {
        InetAddress signalling = request.signallingAddress().getAddress();
        InetAddress local = request.localAddress().getAddress();
        byte[] offer = request.offer();
        InetAddress other = offer == null ? null : OtherFamily.of(offer, signalling);
        // who does not call over loopback must not aim us at it
        if (other == null || (other.isLoopbackAddress() && !local.isLoopbackAddress())) {
            return new Ends(signalling, local);
        }
        return share.addresses()
                .toward(other)
                .map(here -> new Ends(other, here))
                .orElse(new Ends(signalling, local));
    }

    /** Who offers ICE over both address families may choose; null: one is enough. */
    private @Nullable InetAddress second(IceWish wish, InetAddress first) {
        return wish == IceWish.BOTH_FAMILIES
                ? share.addresses().bindOfOtherFamily(first).orElse(null)
                : null;
    }

    /** A fault while an offer is answered frees what the leg had opened, and its asker is told. */
    private void settle(Seat seat, CompletableFuture<Outcome> done, Supplier<Outcome> answering) {
        try {
            done.complete(answering.get());
        } catch (RuntimeException bug) {
            loop.fault("answering_an_offer", bug);
            seat.close();
            done.completeExceptionally(bug);
        }
    }

    private static Outcome gone(PhoneSeat seat) {
        seat.close();
        return new Outcome.Refused(
                Refusal.NO_SUCH_LEG, "the leg was removed before its ports were open");
    }

    private Outcome opened(
            PhoneSeat seat,
            PhoneRequest request,
            Ends ends,
            List<AudioCodec> codecs,
            IceWish wish,
            boolean open) {
        if (!open) {
            return new Outcome.Refused(
                    Refusal.NO_FREE_PORT, "no free pair of ports in media.rtp_ports");
        }
        room.room().at(loop.now());
        InetAddress told = share.addresses().announcedTo(ends.peer(), ends.local());
        Outcome outcome =
                seat.begin(
                        new PhoneTerms(
                                told,
                                seat.ports().port(),
                                codecs,
                                PTIME_MILLIS,
                                new PhoneTerms.Security(
                                        request.encryption(),
                                        share.identity().fingerprint(),
                                        loop.bench().random()),
                                candidates(seat, request, wish, told)),
                        request.offer());
        switch (outcome) {
            case Outcome.Accepted accepted -> room.admit(seat);
            case Outcome.Refused refused -> seat.close();
        }
        return outcome;
    }

    /** The list of this machine's addresses costs system calls: it is made for who needs it. */
    private List<LocalCandidate> candidates(
            PhoneSeat seat, PhoneRequest request, IceWish wish, InetAddress told) {
        boolean loopback = request.localAddress().getAddress().isLoopbackAddress();
        return wish == IceWish.NONE
                ? List.of()
                : seat.ports().candidates(told, share.addresses().candidates(loopback));
    }

    void addBrowser(LegId id, BrowserRequest request, CompletableFuture<Outcome> done) {
        room.room().at(loop.now());
        BrowserSeat seat = new BrowserSeat(loop, room, id, request, share);
        settle(seat, done, () -> begun(seat, request));
    }

    private Outcome begun(BrowserSeat seat, BrowserRequest request) {
        Outcome outcome = seat.begin(request.offer());
        switch (outcome) {
            case Outcome.Accepted accepted -> room.admit(seat);
            case Outcome.Refused refused -> seat.close();
        }
        return outcome;
    }

    /** A phone comes from another room, perhaps from another loop. */
    void adopt(PhoneSeat seat, boolean sameLoop, CompletableFuture<Outcome> done) {
        seat.moveTo(loop, room);
        Runnable arrived =
                () -> {
                    if (room.isClosed()) {
                        done.complete(gone(seat));
                        return;
                    }
                    room.adopt(seat);
                    done.complete(new Outcome.Accepted(new byte[0], false));
                };
        if (sameLoop) {
            arrived.run();
        } else {
            seat.ports().attach(loop, arrived);
        }
    }
}
