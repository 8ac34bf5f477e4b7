package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Encrypted media with phones and carriers, by sound: tones in, measures out. */
final class SecuredPhonesTest {
    private static final double ADA_HZ = 437;
    private static final double BOB_HZ = 661;
    private static final int FORGED_HZ = 1511;
    private static final double LINEAR_SNR_DB = 30;
    private static final String SUITE_OF_BARESIP = "SDES AES_CM_128_HMAC_SHA1_";
    private static final String KEY = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private static final int CALLED = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("secured")
                    .section("calls", "calls: { trace: all }")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: must, direction: both, address: "127.0.0.1:%d;transport=udp", options_ping: 0s,
                                  allow: ["127.0.0.1/32"], require_headers: { X-Trunk: must }, media_encryption: require }
                              - { id: never, direction: inbound, allow: ["127.0.0.1/32"],
                                  require_headers: { X-Trunk: never }, media_encryption: disable }
                            """
                                    .formatted(CALLED));

    private static Baresip encrypted(Codec codec, double hertz, String how) {
        return Baresip.encrypted(Baresip.Phone.of(bridge, codec, hertz), how)
                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
    }

    private static void hears(Baresip listener, double hertz, double ownHertz) {
        AudioMeasure.Tones heard = Ears.whenHeard(listener::listen, hertz, ownHertz);
        assertThat(heard.levelDbfs(hertz)).isGreaterThan(Baresip.TONE_DBFS - 3);
        assertThat(heard.levelDbfs(ownHertz)).isLessThan(-50);
        assertThat(heard.snrDb()).isGreaterThan(LINEAR_SNR_DB);
    }

    private static List<JsonNode> liveCalls() {
        return bridge.get("/v1/calls?state=answered").path("items").valueStream().toList();
    }

    @Test
    void aPhoneThatInsistsAndOneThatWouldLikeToHearEachOtherEncrypted() {
        try (Baresip ada = encrypted(Codec.PCMU, ADA_HZ, "srtp-mand");
                Baresip bob = encrypted(Codec.PCMU, BOB_HZ, "srtp")) {
            hears(ada, BOB_HZ, ADA_HZ);
            hears(bob, ADA_HZ, BOB_HZ);
            assertThat(liveCalls())
                    .hasSize(2)
                    .allSatisfy(
                            call -> {
                                assertThat(call.path("encryption").asString(""))
                                        .startsWith(SUITE_OF_BARESIP);
                                assertThat(call.path("path").asString(""))
                                        .startsWith("srtp(" + SUITE_OF_BARESIP);
                            });

            ada.hold(true);
            Ears.whenSilent(bob::listen, ADA_HZ);
            ada.hold(false);
            hears(bob, ADA_HZ, BOB_HZ);
            // baresip writes no file after a resume; what it cannot open it does not count
            await().atMost(Duration.ofSeconds(12)).until(() -> ada.hearsBitsPerSecond() > 60_000);

            String id = liveCalls().getFirst().path("id").asString("");
            String trace = bridge.get("/v1/calls/" + id + "/trace").toString();
            assertThat(trace).contains("encrypted by " + SUITE_OF_BARESIP).contains("inline:…");
            assertThat(trace).doesNotContainPattern("inline:[A-Za-z0-9+/]");
            assertThat(bridge.log()).doesNotContain("inline:");
            ada.hangUp();
            bob.hangUp();
        }
    }

    @Test
    void aPhoneThatShakesHandsOnTheMediaPathAndOneThatWritesItsKeyHearEachOther() {
        try (Baresip ada = encrypted(Codec.PCMU, ADA_HZ, "dtls_srtp");
                Baresip bob = encrypted(Codec.PCMU, BOB_HZ, "srtp-mand")) {
            hears(ada, BOB_HZ, ADA_HZ);
            hears(bob, ADA_HZ, BOB_HZ);
            assertThat(liveCalls())
                    .extracting(call -> call.path("encryption").asString("").split(" ")[0])
                    .containsExactlyInAnyOrder("DTLS", "SDES");
            assertThat(liveCalls())
                    .extracting(call -> call.path("encryption").asString(""))
                    .anySatisfy(text -> assertThat(text).matches("DTLS A[A-Z0-9_]+"));
            ada.hangUp();
            bob.hangUp();
        }
    }

    @Test
    @Tag("RFC5763§5")
    void whereAPhoneWaitsForTheHandshakeWeBeginIt() {
        try (WaitingDtlsPhone ada = WaitingDtlsPhone.call(bridge, ADA_HZ, BridgeProcess.ROOM_CODE);
                Baresip bob = encrypted(Codec.PCMU, BOB_HZ, "srtp-mand")) {
            assertThat(ada.described())
                    .contains("a=setup:active")
                    .contains("a=fingerprint:sha-256 " + ada.shownFingerprint());
            AudioMeasure.Tones byBob = Ears.whenHeard(bob::listen, ADA_HZ, BOB_HZ);
            assertThat(byBob.levelDbfs(ADA_HZ)).isGreaterThan(-13);
            assertThat(byBob.levelDbfs(BOB_HZ)).isLessThan(-50);
            Recording byAda = ada.heard();
            double end = byAda.seconds();
            assertThat(AudioMeasure.levelDbfs(byAda.slice(end - 1, end), BOB_HZ))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(liveCalls())
                    .extracting(call -> call.path("encryption").asString(""))
                    .contains("DTLS AES_CM_128_HMAC_SHA1_80");
            ada.hangUp();
            bob.hangUp();
        }
    }

    @Test
    void aBrowserAndAnEncryptedPhoneHearEachOther() {
        try (Chromium chromium = Chromium.launch();
                RoomPage grace = RoomPage.open(chromium, bridge, BOB_HZ).join("Grace");
                Baresip ada = encrypted(Codec.PCMU, ADA_HZ, "srtp-mand")) {
            AudioMeasure.Tones byBrowser = Ears.whenHeard(grace::listen, ADA_HZ, BOB_HZ);
            AudioMeasure.Tones byPhone = Ears.whenHeard(ada::listen, BOB_HZ, ADA_HZ);

            assertThat(byBrowser.levelDbfs(ADA_HZ)).isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(byPhone.levelDbfs(BOB_HZ)).isGreaterThan(Baresip.TONE_DBFS - 6);
            ada.hangUp();
            grace.leave();
        }
    }

    @Test
    void aCallOfOursOverATrunkThatRequiresItIsEncrypted() {
        try (Baresip ada = encrypted(Codec.PCMU, ADA_HZ, "srtp-mand");
                Baresip bob =
                        Baresip.answeringEncrypted(
                                Baresip.Phone.of(bridge, Codec.PCMU, BOB_HZ).named("+15551234567"),
                                CALLED,
                                "srtp-mand")) {
            PlacedCalls placed = new PlacedCalls(bridge);
            PlacedCalls.Answer call =
                    placed.place("must", "+15551234567", ", \"wait\": \"answered\"");
            assertThat(call.status()).as(call.body().toString()).isEqualTo(201);
            hears(bob, ADA_HZ, BOB_HZ);
            hears(ada, BOB_HZ, ADA_HZ);
            assertThat(placed.get(call.text("id")).path("encryption").asString(""))
                    .isEqualTo("SDES AES_CM_128_HMAC_SHA1_80");
            placed.hangUp(call.text("id"));
            ada.hangUp();
        }
    }

    @Test
    void aCarrierThatAnswersPlainWhereEncryptionIsRequiredIsHungUpOn() {
        try (Carrier carrier = Carrier.at(CALLED)) {
            PlacedCalls placed = new PlacedCalls(bridge);
            CompletableFuture<PlacedCalls.Answer> answer =
                    placed.placing("must", "+15551234567", ", \"wait\": \"answered\"");
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.body()).contains("RTP/SAVP").contains("a=crypto:1 AES_CM_128_");
            carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            carrier.await("ACK");
            carrier.answer(carrier.await("BYE"), "200 OK");

            placed.assertListed(answer.join(), "encryption_required", "callee");
        }
    }

    @Test
    void aTrunksPolicyDecidesAndTheRefusalSaysWhy() {
        String plain = SipText.offer("127.0.0.1", 9);
        String secured =
                plain.replace("RTP/AVP", "RTP/SAVP")
                        + "a=crypto:5 AES_CM_128_HMAC_SHA1_80 "
                        + KEY
                        + "|2^20|1:4\r\n";
        String opportune = secured.replace("RTP/SAVP", "RTP/AVP");
        String unserved = secured.replace(KEY, KEY + " KDR=1").replace("|2^20|1:4", "");

        assertThat(invited("must", plain).status()).isEqualTo(488);
        assertThat(invited("must", plain).header("Warning"))
                .startsWith("302 ")
                .contains("encryption is required here");
        assertThat(invited("must", secured).body())
                .contains("RTP/SAVP")
                .contains("a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:");
        assertThat(invited("must", opportune).body()).contains("RTP/AVP").contains("a=crypto:5");
        assertThat(invited("never", plain).status()).isEqualTo(200);
        assertThat(invited("never", opportune).body())
                .contains("RTP/AVP")
                .doesNotContain("a=crypto");
        assertThat(invited("never", secured).header("Warning"))
                .startsWith("302 ")
                .contains("encryption is disabled here");
        assertThat(invited("must", unserved).header("Warning"))
                .contains("key derivation rate")
                .doesNotContain("WVNf");
    }

    private static SipTrace.Message invited(String trunk, String offer) {
        try (TrunkCaller caller =
                new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, "X-Trunk: " + trunk, offer)) {
            SipTrace.Message answer = caller.call();
            if (answer.status() == 200) {
                caller.hangUp();
            }
            return answer;
        }
    }

    @Test
    void aNewKeyInMidCallIsHeardWithoutAClickAndForgedPacketsAreNot() {
        try (SrtpPhone ada = SrtpPhone.call(bridge, ADA_HZ, BridgeProcess.ROOM_CODE);
                RtpPhone bob = new RtpPhone(bridge);
                ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
            bob.call(BridgeProcess.ROOM_CODE);
            AtomicInteger spoken = new AtomicInteger();
            ScheduledFuture<?> _ =
                    pace.scheduleAtFixedRate(
                            () -> {
                                int n = spoken.getAndIncrement();
                                ada.speak();
                                RtpPhone.send(
                                        bob.rtp(), RtpPhone.frame(3, n, BOB_HZ), bob.mediaPort());
                                // from the phone's own address, as whoever spoofs it would, and
                                // with numbers yet to come: others are known for repeated
                                RtpPhone.send(
                                        ada.rtp(),
                                        RtpPhone.frame(0x5ec, n + 40, FORGED_HZ),
                                        ada.mediaPort());
                            },
                            0,
                            20,
                            TimeUnit.MILLISECONDS);
            await().atMost(Duration.ofSeconds(5)).until(() -> spoken.get() > 50);
            double forgedBefore = bridge.metric(FORGED);
            RtpPhone.receiveAll(bob.rtp(), Duration.ofMillis(1));

            CompletableFuture<List<byte[]>> toAda =
                    CompletableFuture.supplyAsync(
                            () -> RtpPhone.receiveAll(ada.rtp(), Duration.ofSeconds(3)));
            CompletableFuture<List<byte[]>> toBob =
                    CompletableFuture.supplyAsync(
                            () -> RtpPhone.receiveAll(bob.rtp(), Duration.ofSeconds(3)));
            await().atMost(Duration.ofSeconds(5)).until(() -> spoken.get() > 90);
            ada.rekey();

            Recording heard = RtpPhone.sound(toBob.join());
            List<byte[]> sealed = toAda.join();
            double forged = bridge.metric(FORGED) - forgedBefore;
            pace.shutdown();
            await().atMost(Duration.ofSeconds(5)).until(pace::isTerminated);
            assertThat(heard.seconds()).isGreaterThan(2.8);
            assertThat(AudioMeasure.clicks(heard, -38, ADA_HZ)).isZero();
            assertThat(AudioMeasure.levelDbfs(heard, ADA_HZ)).isGreaterThan(-14);
            assertThat(AudioMeasure.levelDbfs(heard, FORGED_HZ)).isLessThan(-50);
            Recording back = RtpPhone.sound(ada.opened(sealed));
            assertThat(AudioMeasure.levelDbfs(back, BOB_HZ)).isGreaterThan(-14);
            assertThat(back.seconds()).isGreaterThan(2.4);
            assertThat(forged).isGreaterThan(100);
            ada.hangUp();
            bob.hangUp();
        }
    }

    private static final String FORGED =
            "roomline_media_drops_total{reason=\"srtp_not_authentic\"}";
}
