package dev.roomline.bridge.peer;

import static dev.roomline.bridge.peer.SessionBench.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.peer.SessionBench.Page;
import dev.roomline.bridge.room.PhoneSeat;
import dev.roomline.media.loop.LegId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The session protocol of docs/native-api: what a page that has joined says and hears. */
final class SessionTest {
    private final SessionBench bench = new SessionBench();

    @Test
    void othersAreToldWhoComesSpeaksAndGoesWithoutNumbersAndHiddenAttributes() {
        Page page = bench.join("abc-defg-hij", "Ann");
        page.said.clear();
        PhoneSeat phone = bench.phone("+1 ••• ••• 0123");
        phone.joined();
        bench.signal.run();
        JsonNode joined = page.said.getFirst();
        assertThat(text(joined, "type")).isEqualTo("participant.joined");
        assertThat(text(joined.path("participant"), "kind")).isEqualTo("phone");
        assertThat(joined.path("participant").path("attributes").toString())
                .isEqualTo("{\"sip.h.x-shown\":\"yes\"}");
        assertThat(joined.toString()).doesNotContain("secret");

        bench.media.listener().onTalking(new LegId(2), true);
        bench.media.listener().onSlots(new LegId(1), Map.of("1", new LegId(2)));
        bench.media.listener().onDtmf(new LegId(2), '5', 100);
        bench.signal.run();
        phone.leave("hangup_caller");
        assertThat(page.types())
                .containsExactly(
                        "participant.joined",
                        "participant.talking",
                        "slots",
                        "dtmf.received",
                        "participant.left");
        assertThat(text(page.said.get(2).path("slots"), "1")).isEqualTo(phone.participantId());
        assertThat(text(page.said.getLast().path("data"), "reason")).isEqualTo("hangup_caller");
    }

    @Test
    void aDroppedSocketKeepsItsPlaceForHalfAMinute() {
        Page first = bench.join("abc-defg-hij", "Ann");
        String resume = text(first.said.getFirst(), "resume");
        Page watcher = bench.join("abc-defg-hij", "Bob");
        watcher.said.clear();
        first.session.closed();
        bench.pass(29, watcher);
        assertThat(watcher.types()).doesNotContain("participant.left");

        Page second = bench.page();
        second.say("{'type':'resume','id':'9','resume':'" + resume + "'}");
        JsonNode ok = second.said.getFirst();
        assertThat(text(ok, "type")).isEqualTo("ok");
        assertThat(ok.path("participant").path("id"))
                .isEqualTo(first.said.getFirst().path("participant").path("id"));
        bench.pass(40, watcher, second);
        assertThat(watcher.types()).doesNotContain("participant.left");

        second.session.closed();
        bench.pass(31, watcher);
        assertThat(watcher.types()).contains("participant.left");
        Page late = bench.page();
        late.say("{'type':'resume','id':'9','resume':'" + resume + "'}");
        assertThat(late.said.getFirst().path("status").asInt()).isEqualTo(404);
    }

    @Test
    void requestsOutOfOrderOrUnknownAreErrorsAndNothingElse() {
        Page page = bench.page();
        page.say("{'type':'mute','id':'1','muted':true}");
        page.say("{'type':'ping','id':'2'}");
        page.say("{'type':'join','id':'3'}");
        assertThat(page.said.get(0).path("status").asInt()).isEqualTo(409);
        assertThat(text(page.said.get(1), "type")).isEqualTo("ok");
        assertThat(page.said.get(2).path("status").asInt()).isEqualTo(422);
        Page joined = bench.join("abc-defg-hij", "Ann");
        joined.said.clear();
        joined.say("{'type':'dial','id':'4','to':'+15550100000'}");
        joined.say("{'type':'fly','id':'5'}");
        joined.say("{'type':'dtmf','id':'6','digits':'12x'}");
        joined.say("{'type':'join','id':'7','room_code':'abc-defg-hij','sdp':'v=0'}");
        joined.say("{'type':'mute','id':'8','muted':'yes'}");
        joined.say("{'type':'mute','id':'9','mute':false}");
        assertThat(joined.said.stream().map(m -> m.path("status").asInt()))
                .containsExactly(403, 422, 422, 409, 422, 422);
        assertThat(bench.media.asked).doesNotContain("muted true");
    }

    @Test
    void leavingClosesTheSocketAndTheRoom() {
        Page page = bench.join("abc-defg-hij", "Ann");
        page.say("{'type':'leave','id':'2'}");
        assertThat(page.closedWith).isEqualTo(1000);
        assertThat(bench.media.asked).endsWith("remove", "close");
        assertThat(bench.rooms.participantCount()).isZero();
    }

    @Test
    void aSilentSocketIsClosed() {
        Page page = bench.join("abc-defg-hij", "Ann");
        bench.signal.pass(Duration.ofSeconds(70));
        assertThat(page.pings).isPositive();
        assertThat(page.closedWith).isEqualTo(1001);
    }
}
