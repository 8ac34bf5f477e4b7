package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RTP from whom no SDP named is never heard, and nothing is ever sent to it. */
final class StrangersRtpTest {
    private static final int STRANGE_HERTZ = 1009;
    private static final int OWN_HERTZ = 437;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("strangers");

    @Test
    void aStrangersToneIsHeardByNobodyBeforeDuringAndAfterAnswer() throws InterruptedException {
        try (RtpPhone victim = new RtpPhone(bridge);
                RtpPhone listener = new RtpPhone(bridge);
                DatagramSocket stranger = RtpPhone.socket();
                ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
            listener.call(BridgeProcess.ROOM_CODE);
            victim.callUpToAnswer(BridgeProcess.ROOM_CODE);
            talk(pace, listener, 0);
            // at ten times the pace of speech, to the RTP port and to the RTCP port beside it
            AtomicInteger strange = new AtomicInteger();
            ScheduledFuture<?> _ =
                    pace.scheduleAtFixedRate(
                            () -> {
                                byte[] frame =
                                        RtpPhone.frame(
                                                0x5712a96e,
                                                strange.getAndIncrement(),
                                                STRANGE_HERTZ);
                                RtpPhone.send(stranger, frame, victim.mediaPort());
                                RtpPhone.send(stranger, frame, victim.mediaPort() + 1);
                            },
                            0,
                            2,
                            TimeUnit.MILLISECONDS);

            Recording before = RtpPhone.sound(RtpPhone.receiveAll(listener.rtp(), seconds(1)));
            victim.acknowledge();
            Recording during = RtpPhone.sound(RtpPhone.receiveAll(listener.rtp(), seconds(1)));
            talk(pace, victim, OWN_HERTZ);
            Recording talking = RtpPhone.sound(RtpPhone.receiveAll(listener.rtp(), seconds(3)));

            assertThat(strangeLevel(before)).isLessThan(-50);
            assertThat(strangeLevel(during)).isLessThan(-50);
            assertThat(strangeLevel(talking)).isLessThan(-50);
            Recording settled = talking.slice(talking.seconds() - 1.5, talking.seconds());
            assertThat(AudioMeasure.levelDbfs(settled, OWN_HERTZ))
                    .as("the victim itself is heard, or this test proves nothing")
                    .isGreaterThan(-20);
            assertThat(RtpPhone.receiveAll(stranger, seconds(1)))
                    .as("nothing goes to the stranger")
                    .isEmpty();
            victim.hangUp();
            listener.hangUp();
        }
    }

    @Test
    void nothingIsSentBeforeTheAck() {
        try (RtpPhone talker = new RtpPhone(bridge);
                RtpPhone forged = new RtpPhone(bridge);
                ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
            talker.call(BridgeProcess.ROOM_CODE);
            talk(pace, talker, OWN_HERTZ);
            // as if somebody else's address stood in the SDP: it must not be flooded
            forged.callUpToAnswer(BridgeProcess.ROOM_CODE);

            assertThat(RtpPhone.receiveAll(forged.rtp(), seconds(1))).isEmpty();

            forged.acknowledge();
            List<byte[]> after = RtpPhone.receiveAll(forged.rtp(), seconds(2));
            assertThat(after).as("after the ACK sound flows").hasSizeGreaterThan(20);
            forged.hangUp();
            talker.hangUp();
        }
    }

    private static void talk(ScheduledExecutorService pace, RtpPhone phone, int hertz) {
        AtomicInteger sequence = new AtomicInteger();
        int ssrc = 0x1000 + hertz;
        ScheduledFuture<?> _ =
                pace.scheduleAtFixedRate(
                        () ->
                                RtpPhone.send(
                                        phone.rtp(),
                                        RtpPhone.frame(ssrc, sequence.getAndIncrement(), hertz),
                                        phone.mediaPort()),
                        0,
                        20,
                        TimeUnit.MILLISECONDS);
    }

    private static double strangeLevel(Recording heard) {
        return heard.seconds() < 0.1 ? -150 : AudioMeasure.levelDbfs(heard, STRANGE_HERTZ);
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
