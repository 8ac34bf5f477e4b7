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

/**
 * {@code /v2/sip/inbound-gateways} or {@code /v2/sip/outbound-gateways}: the second generation of
 * {@link SipTrunks}, which may leave things out. Virtual threads.
 */
public final class Gateways implements Resource {
    private static final String NOUN = "Gateway";

    private static final Map<String, String> NAMES =
            Map.of(
                    "username", "auth.username",
                    "password", "auth.password",
                    "id", "name",
                    "rooms", "numbers",
                    "allow", "allowedAddresses",
                    "media_encryption", "mediaEncryption");

    private final Peers peers;
    private final Direction direction;

    private Gateways(Peers peers, Direction direction) {
        this.peers = peers;
        this.direction = direction;
    }

    /** Where calls come in. */
    public static Gateways inbound(Peers peers) {
        return new Gateways(peers, Direction.INBOUND);
    }

    /** Where calls go out. */
    public static Gateways outbound(Peers peers) {
        return new Gateways(peers, Direction.OUTBOUND);
    }

    @Override
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    body.required("name", 100);
                    if (!body.has("numbers")) {
                        body.fault("numbers is required");
                    }
                    if (direction == Direction.OUTBOUND) {
                        body.required("address", 255);
                    }
                    PeerWish wish = wish(body);
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : answer(ask, peers.create(direction, wish));
                });
    }

    private static PeerWish wish(Loose body) {
        PeerWish wish = PeerWish.read(body, "address");
        if (wish.numbers().filter(List::isEmpty).isPresent()) {
            body.fault("numbers must hold at least one number");
        }
        return wish;
    }

    private static Answer answer(Ask ask, Result<Peer> result) {
        return VideoSdk.answer(NOUN, NAMES, result, peer -> Answer.json(200, view(peer, ask)));
    }

    /** Nobody is shown a password. */
    private static Map<String, Object> view(Peer peer, Ask ask) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", peer.alias());
        view.put("gatewayId", peer.alias());
        view.put("name", peer.name());
        view.put("type", peer.direction().label());
        view.put("numbers", peer.numbers());
        view.put("address", peer.address());
        view.put("transport", peer.transport().isEmpty() ? "udp" : peer.transport());
        view.put(
                "auth", peer.username().isEmpty() ? Map.of() : Map.of("username", peer.username()));
        view.put("allowedAddresses", peer.allowedAddresses());
        view.put("allowedNumbers", List.of());
        view.put("mediaEncryption", peer.mediaEncryption());
        for (String name : List.of("record", "noiseCancellation")) {
            view.put(name, peer.kept().getOrDefault(name, false));
        }
        view.put("geoRegion", peer.kept().getOrDefault("geoRegion", "auto"));
        view.put("metadata", peer.kept().getOrDefault("metadata", Map.of()));
        view.put("tags", peer.kept().getOrDefault("tags", List.of()));
        if (peer.direction() == Direction.INBOUND) {
            view.put("sipUri", "sip:" + ask.header("host").orElse("").replaceFirst(":\\d+$", ""));
        }
        return view;
    }

    /** {@code {"pageInfo", "data"}}. */
    @Override
    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        return PageNumbers.read(ask, page -> list(ask, page));
    }

    private Answer list(Ask ask, PageNumbers page) {
        List<Peer> all = peers.list(direction);
        List<Peer> rows =
                all.stream()
                        .skip((page.page() - 1L) * page.perPage())
                        .limit(page.perPage())
                        .toList();
        return Answer.json(200, page.view(all.size(), rows, peer -> view(peer, ask)));
    }

    private Answer found(Ask ask, Function<Peer, Answer> then) {
        return peers.find(ask.path("id"), direction)
                .map(then)
                .orElseGet(() -> VideoSdk.unknown(NOUN));
    }

    @Override
    public Answer get(Ask ask) {
        return found(ask, peer -> Answer.json(200, view(peer, ask)));
    }

    /** What is named is changed, by PATCH and by PUT. */
    @Override
    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Peer> was = peers.find(ask.path("id"), direction);
        return was.isEmpty()
                ? VideoSdk.unknown(NOUN)
                : Loose.read(
                        ask,
                        body -> {
                            PeerWish wish = movedBy(was.get(), wish(body));
                            return body.fault().isPresent()
                                    ? VideoSdk.invalid(body.fault().get())
                                    : answer(ask, peers.update(was.get(), wish));
                        });
    }

    /** Address and transport are one thing here: who names one keeps the other. */
    private PeerWish movedBy(Peer was, PeerWish wish) {
        boolean moved = wish.address().isPresent() || wish.transport().isPresent();
        return direction == Direction.INBOUND || !moved
                ? wish
                : new PeerWish(
                        wish.name(),
                        wish.numbers(),
                        wish.address().or(() -> Optional.of(was.address())),
                        wish.transport()
                                .or(() -> Optional.of(was.transport()).filter(t -> !t.isEmpty())),
                        wish.username(),
                        wish.password(),
                        wish.allowedAddresses(),
                        wish.mediaEncryption(),
                        wish.kept());
    }

    @Override
    public Answer delete(Ask ask) {
        return found(
                ask,
                peer ->
                        VideoSdk.answer(
                                NOUN,
                                NAMES,
                                peers.delete(peer),
                                _ ->
                                        Answer.json(
                                                200,
                                                Map.of(
                                                        "message",
                                                        "Gateway deleted successfully",
                                                        "gatewayId",
                                                        peer.alias()))));
    }
}
