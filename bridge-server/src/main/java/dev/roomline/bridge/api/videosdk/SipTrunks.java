package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Resource;
import dev.roomline.bridge.api.videosdk.Peer.Direction;
import dev.roomline.bridge.entry.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** {@code /v2/sip-trunk}: the first generation, in which each field is needed. Virtual threads. */
public final class SipTrunks implements Resource {
    private static final String NOUN = "SIP trunk";
    private static final int SHORTEST_NAME = 3;

    private static final Map<String, String> NAMES =
            Map.of(
                    "address", "domain",
                    "username", "auth.username",
                    "password", "auth.password",
                    "id", "name",
                    "rooms", "numbers");

    private final Peers peers;

    public SipTrunks(Peers peers) {
        this.peers = peers;
    }

    @Override
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Optional<Direction> direction = direction(body);
                    PeerWish wish = wish(body);
                    return body.fault().isPresent() || direction.isEmpty()
                            ? VideoSdk.invalid(body.fault().orElse("direction is required"))
                            : answer(peers.create(direction.get(), wish));
                });
    }

    private static Optional<Direction> direction(Loose body) {
        String wanted = body.required("direction", 16);
        Optional<Direction> direction =
                switch (wanted) {
                    case "inbound" -> Optional.of(Direction.INBOUND);
                    case "outbound" -> Optional.of(Direction.OUTBOUND);
                    default -> Optional.empty();
                };
        if (direction.isEmpty()) {
            body.fault("direction must be inbound or outbound");
        }
        return direction;
    }

    private static PeerWish wish(Loose body) {
        String name = body.required("name", 100);
        if (name.length() < SHORTEST_NAME) {
            body.fault("name must have at least " + SHORTEST_NAME + " characters");
        }
        body.required("domain", 255);
        for (String needed : List.of("auth", "numbers")) {
            if (!body.has(needed)) {
                body.fault(needed + " is required");
            }
        }
        PeerWish wish = PeerWish.read(body, "domain");
        if (wish.numbers().filter(List::isEmpty).isPresent()) {
            body.fault("numbers must hold at least one number");
        }
        return wish;
    }

    private static Answer answer(Result<Peer> result) {
        return answer(result, peer -> Answer.json(200, view(peer)));
    }

    private static Answer answer(Result<Peer> result, Function<Peer, Answer> done) {
        return VideoSdk.answer(NOUN, NAMES, result, done);
    }

    /** Nobody is shown a password. */
    private static Map<String, Object> view(Peer peer) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("trunkId", peer.alias());
        view.put("auth", Map.of("username", peer.username()));
        view.put("name", peer.name());
        view.put("domain", peer.address());
        view.put("direction", peer.direction().label());
        view.put("numbers", peer.numbers());
        return view;
    }

    /** A bare array. */
    @Override
    public Answer list(Ask ask) {
        return Answer.json(200, peers.list(null).stream().map(SipTrunks::view).toList());
    }

    private Answer found(Ask ask, Function<Peer, Answer> then) {
        return peers.find(ask.path("id"), null).map(then).orElseGet(() -> VideoSdk.unknown(NOUN));
    }

    @Override
    public Answer get(Ask ask) {
        return found(ask, peer -> Answer.json(200, view(peer)));
    }

    /** All fields, as when it was made. */
    @Override
    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Peer> was = peers.find(ask.path("id"), null);
        return was.isEmpty()
                ? VideoSdk.unknown(NOUN)
                : Loose.read(
                        ask,
                        body -> {
                            Optional<Direction> direction = direction(body);
                            PeerWish wish = wish(body);
                            if (direction.isPresent() && direction.get() != was.get().direction()) {
                                body.fault("direction must be as it was: it cannot be changed");
                            }
                            return body.fault().isPresent()
                                    ? VideoSdk.invalid(body.fault().get())
                                    : answer(peers.update(was.get(), wish));
                        });
    }

    @Override
    public Answer delete(Ask ask) {
        return found(
                ask,
                peer ->
                        answer(
                                peers.delete(peer),
                                _ ->
                                        Answer.json(
                                                200,
                                                Map.of(
                                                        "message",
                                                        "SIP trunk deleted successfully"))));
    }
}
