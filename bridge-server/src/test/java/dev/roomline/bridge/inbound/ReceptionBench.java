package dev.roomline.bridge.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.sip.auth.DigestAlgorithm;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.DigestSettings;
import dev.roomline.sip.auth.Ha1;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and what the store, applications and limits say, between a {@link Reception} and a
 * test.
 */
final class ReceptionBench {
    static final String CODE = "sip:abc-defg-hij@host.test";
    static final String CARRIER = "54.172.60.1";
    static final String STRANGER = "198.51.100.9";
    static final String MARK = "X-Twilio-AccountSid: AC1";

    final VirtualSignal signal = new VirtualSignal();
    final FakeRooms rooms =
            new FakeRooms()
                    .with(FakeRooms.room("room_1", 10, FakeRooms.code("abc-defg-hij")))
                    .with(
                            FakeRooms.room(
                                    "room_2",
                                    10,
                                    new CodeRow("off-code", "guest", "", "both", false),
                                    new CodeRow("web-code", "guest", "", "browser", true),
                                    new CodeRow("pin-code", "guest", "1234", "both", true),
                                    FakeRooms.code("other-room"),
                                    FakeRooms.code("424242")));
    List<String> accountRooms = List.of("*");
    final List<String> arriving = new ArrayList<>();
    RouteHook.Reply reply = new RouteHook.Reply.Failed("no answer within 3000 ms");
    boolean storeAway;
    boolean draining;
    int liveCalls;
    int maxCalls;
    final List<Runnable> stalled = new ArrayList<>();
    Executor blocking = Runnable::run;
    List<Route> routes = List.of();
    int trunkMaxCalls;
    int liveOnTrunk;
    int invitesPerSecond;
    @Nullable Caller leaving;
    CallTrace trace = new CallTrace(signal.now());

    Screening keyed(Screening before, String digits) {
        assertThat(before).isInstanceOf(Screening.Asked.class);
        var stage = ((Screening.Asked) before).judge().look(digits);
        signal.run();
        return stage.toCompletableFuture().join();
    }

    /** Four INVITEs before the store answers the first; who is let in counts at once. */
    List<String> burst(Reception reception, String uri) {
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var _ =
                    reception
                            .screen(Invites.invite(uri), Invites.from(CARRIER), trace, leaving)
                            .thenAccept(
                                    screening -> {
                                        said.add(words(screening));
                                        if (screening instanceof Screening.Admitted) {
                                            liveCalls++;
                                            liveOnTrunk++;
                                        }
                                    });
        }
        List<Runnable> answered = List.copyOf(stalled);
        stalled.clear();
        answered.forEach(Runnable::run);
        signal.run();
        return said;
    }

    Screening dial(Reception reception, String user, String password) {
        String credentials = credentials(reception, user, password);
        return screen(reception, Invites.invite(CODE, credentials), STRANGER);
    }

    String credentials(Reception reception, String user, String password) {
        Screening first = screen(reception, Invites.invite(CODE), STRANGER);
        HeaderField challenge = ((Screening.Challenged) first).headers().getFirst();
        Matcher nonce = Pattern.compile("nonce=\"([^\"]+)\"").matcher(challenge.value());
        assertThat(nonce.find()).isTrue();
        String uri = "sip:host.test:5060"; // it need not be the Request-URI
        String response =
                md5(
                        md5(user + ":roomline:" + password)
                                + ":"
                                + nonce.group(1)
                                + ":00000001:abc:auth:"
                                + md5("INVITE:" + uri));
        return "Proxy-Authorization: Digest username=\"%s\", realm=\"roomline\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=MD5, cnonce=\"abc\", qop=auth, nc=00000001"
                .formatted(user, nonce.group(1), uri, response);
    }

    Screening screen(Reception reception, SipRequest invite, String source) {
        return screen(reception, invite, Invites.from(source));
    }

    Screening screen(Reception reception, SipRequest invite, Flow flow) {
        CompletionStage<Screening> stage = reception.screen(invite, flow, trace, leaving);
        signal.run();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    static String words(Screening screening) {
        return switch (screening) {
            case Screening.Admitted admitted -> "admitted " + admitted.admission().room().id();
            case Screening.Asked asked -> "asked " + asked.question();
            case Screening.Challenged challenged -> Integer.toString(challenged.status());
            case Screening.TurnedAway away ->
                    away.end().refusalStatus() == 400
                            ? "400"
                            : away.end().refusalStatus() + " turned away";
            case Screening.Refused refused -> Integer.toString(refused.end().refusalStatus());
        };
    }

    Reception reception() {
        return reception(trunk(Map.of("X-Twilio-AccountSid", "AC1"), List.of(), true));
    }

    Reception reception(Trunk trunk) {
        routes = List.of(new Route("+15550100000", "", "abc-defg-hij", "", ""));
        return reception(
                new InboundSettings(
                        List.of(), maxCalls, invitesPerSecond, List.of("pcmu"), Encryption.ALLOW),
                trunk);
    }

    Reception reception(InboundSettings settings, Trunk trunk) {
        DigestGuard guard =
                new DigestGuard(
                        DigestSettings.of("roomline", 407, List.of(DigestAlgorithm.MD5)),
                        new byte[32],
                        1);
        return new Reception(
                settings,
                new Dialplan(List.of(trunk), routes),
                new Redaction(trunk.requireHeaders().keySet()),
                guard,
                this::account,
                new CodeBook(rooms, blocking),
                RoomDirectory.single(),
                new Load(),
                signal,
                (url, call) -> {
                    arriving.add(url + " " + call.number() + " by " + call.trunk());
                    return CompletableFuture.completedStage(reply);
                });
    }

    private CompletionStage<Optional<AccountRow>> account(String username) {
        if (storeAway) {
            return CompletableFuture.failedStage(new IllegalStateException("no database"));
        }
        Ha1 ha1 = Ha1.of("alice", "roomline", "secret");
        return CompletableFuture.completedStage(
                username.equals("alice")
                        ? Optional.of(
                                new AccountRow(
                                        "acc_1",
                                        "alice",
                                        "roomline",
                                        ha1.md5(),
                                        String.valueOf(ha1.sha256()),
                                        accountRooms,
                                        Instant.EPOCH,
                                        "api"))
                        : Optional.empty());
    }

    private final class Load implements LiveLoad {
        @Override
        public int calls() {
            return liveCalls;
        }

        @Override
        public long callsOfTrunk(String trunkId) {
            return liveOnTrunk;
        }

        @Override
        public boolean draining() {
            return draining;
        }
    }

    Trunk trunk(Map<String, String> requireHeaders, List<String> numbers, boolean shared) {
        return new Trunk(
                "trk_1",
                "Carrier",
                "both",
                "carrier.test",
                "",
                Secret.NONE,
                numbers,
                "",
                "+e164",
                "",
                "",
                List.of(Cidr.parse("54.172.60.0/30").orElseThrow()),
                requireHeaders,
                shared,
                List.of(),
                List.of("*"),
                false,
                Duration.ZERO,
                Encryption.ALLOW,
                List.of(),
                false,
                Map.of(),
                trunkMaxCalls,
                0);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
