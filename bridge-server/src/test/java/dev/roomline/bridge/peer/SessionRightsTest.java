package dev.roomline.bridge.peer;

import static dev.roomline.bridge.peer.SessionBench.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.peer.SessionBench.Page;
import dev.roomline.bridge.room.PhoneSeat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a page may ask for others: to remove, to mute, to call. */
final class SessionRightsTest {
    private final SessionBench bench = new SessionBench();

    @Test
    void onlyAModeratorRemovesAndMutesOthers() {
        Page host = bench.join("host-code", "Hana");
        Page guest = bench.join("abc-defg-hij", "Gus");
        String gus = text(guest.said.getFirst().path("participant"), "id");
        String hana = text(host.said.getFirst().path("participant"), "id");
        guest.said.clear();
        guest.say("{'type':'remove','id':'2','participant':'" + hana + "'}");
        assertThat(guest.said.getFirst().path("status").asInt()).isEqualTo(403);
        host.say("{'type':'mute_other','id':'3','participant':'" + gus + "'}");
        assertThat(bench.media.asked).contains("muted true");
        host.said.clear();
        host.say("{'type':'mute_other','id':'3','participant':'" + gus + "','muted':false}");
        assertThat(host.said.getFirst().path("status").asInt()).isEqualTo(403);
        host.say("{'type':'remove','id':'4','participant':'" + gus + "'}");
        assertThat(guest.types()).contains("participant.left");
        assertThat(guest.closedWith).isEqualTo(1000);
    }

    @Test
    void aPhoneIsRemovedByItsCallAndARoomThatEndsClosesTheSessions() {
        Page host = bench.join("host-code", "Hana");
        boolean[] removed = new boolean[1];
        PhoneSeat phone = bench.phone("Bob", () -> removed[0] = true);
        host.say("{'type':'remove','id':'4','participant':'" + phone.participantId() + "'}");
        assertThat(removed[0]).isTrue();
    }

    @Test
    void whoMayDialSeesItRingAndHangsUpItsOwnCallsAlone() {
        Page agent = bench.join("agent-code", "Ann");
        assertThat(agent.said.getFirst().path("may").toString()).isEqualTo("[\"speak\",\"dial\"]");
        PhoneSeat stranger = bench.phone("Bob");
        boolean[] removed = new boolean[1];
        bench.calls.seat =
                order -> {
                    PhoneSeat seat = bench.phone(order.name(), () -> removed[0] = true);
                    seat.ringing();
                    return seat.participantId();
                };
        agent.said.clear();
        agent.say("{'type':'dial','id':'4','to':'+15550100000','name':'Grace'}");
        assertThat(agent.types()).containsExactly("participant.ringing", "ok");
        String rings = text(agent.said.getLast(), "participant");
        assertThat(text(agent.said.getFirst().path("participant"), "id")).isEqualTo(rings);
        assertThat(text(agent.said.getFirst().path("participant"), "state")).isEqualTo("ringing");
        assertThat(bench.calls.orders.getFirst().to()).isEqualTo("+15550100000");
        agent.said.clear();
        agent.say("{'type':'hangup','id':'5','participant':'" + stranger.participantId() + "'}");
        assertThat(agent.said.getFirst().path("status").asInt()).isEqualTo(403);
        agent.say("{'type':'hangup','id':'6','participant':'" + rings + "'}");
        assertThat(removed[0]).isTrue();
        assertThat(text(agent.said.getLast(), "type")).isEqualTo("ok");
    }

    @Test
    void aCallThatMayNotBePlacedIsRefusedWithItsReason() {
        Page agent = bench.join("agent-code", "Ann");
        agent.said.clear();
        bench.calls.end = Optional.of(CallEnd.of(EndReason.NOT_ALLOWED, "Not that number."));
        agent.say("{'type':'dial','id':'4','to':'+19005550100'}");
        agent.say("{'type':'dial','id':'5','to':'nobody'}");
        assertThat(agent.said.stream().map(m -> m.path("status").asInt()))
                .containsExactly(403, 422);
        assertThat(text(agent.said.getFirst(), "reason")).isEqualTo("not_allowed");
    }
}
