package dev.roomline.bridge.peer;

import static dev.roomline.bridge.peer.SessionBench.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.peer.SessionBench.Page;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.MediaRoom.Refusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How a page joins a room, and what it is told where it cannot. */
final class SessionJoinTest {
    private final SessionBench bench = new SessionBench();

    @Test
    void aJoinTellsWhoIsThereAndHowToComeBack() {
        Page page = bench.join("abc-defg-hij", "Ann");
        JsonNode ok = page.said.getFirst();
        assertThat(text(ok, "type")).isEqualTo("ok");
        assertThat(text(ok, "id")).isEqualTo("1");
        assertThat(text(ok, "sdp")).isEqualTo("our sdp");
        assertThat(text(ok.path("participant"), "name")).isEqualTo("Ann");
        assertThat(text(ok.path("participant"), "role")).isEqualTo("guest");
        assertThat(text(ok.path("room"), "id")).isEqualTo("room_1");
        assertThat(ok.path("participants")).hasSize(1);
        assertThat(text(ok, "resume")).hasSizeGreaterThan(20);
        JsonNode turn = ok.path("ice_servers").path(0);
        assertThat(text(turn, "username")).contains(text(ok.path("participant"), "id"));
        assertThat(text(turn, "credential")).isNotEmpty().doesNotContain("shared");
    }

    record Refused(String code, int status, String reason) {}

    @Test
    void aJoinThatCannotBeIsRefusedWithStatusAndReason() {
        for (Refused row :
                List.of(
                        new Refused("no-such-room", 404, "unknown_room"),
                        new Refused("phones", 404, "unknown_room"),
                        new Refused("closed", 404, "unknown_room"),
                        new Refused("!", 404, "unknown_room"))) {
            JsonNode answer = bench.join(row.code(), "Ann").said.getFirst();
            assertThat(text(answer, "type")).as(row.toString()).isEqualTo("error");
            assertThat(answer.path("status").asInt()).as(row.toString()).isEqualTo(row.status());
            assertThat(text(answer, "reason")).as(row.toString()).isEqualTo(row.reason());
        }
        bench.media.outcome = () -> FakeMedia.refused(Refusal.UNSUPPORTED_OFFER);
        assertThat(bench.join("abc-defg-hij", "Ann").said.getFirst().path("status").asInt())
                .isEqualTo(422);
        assertThat(bench.rooms.participantCount()).isZero();
    }

    @Test
    void aFullRoomAndADrainingServerSaySo() {
        bench.join("abc-defg-hij", "A");
        bench.join("abc-defg-hij", "B");
        bench.join("abc-defg-hij", "C");
        assertThat(bench.join("abc-defg-hij", "D").said.getFirst().path("status").asInt())
                .isEqualTo(409);
        bench.draining = true;
        assertThat(bench.join("abc-defg-hij", "E").said.getFirst().path("status").asInt())
                .isEqualTo(503);
    }

    @Test
    void whoGuessesCodesIsMadeToWait() {
        for (int i = 0; i < 11; i++) {
            bench.join("wrong-code-" + i, "Eve");
        }
        JsonNode answer = bench.join("abc-defg-hij", "Eve").said.getFirst();
        assertThat(answer.path("status").asInt()).isEqualTo(429);
        assertThat(answer.path("retry_after_s").asInt()).isPositive();
        Page invited = bench.page();
        invited.say("{'type':'join','id':'1','token':'good','name':'Tom','sdp':'v=0'}");
        assertThat(text(invited.said.getFirst(), "type")).isEqualTo("ok");
        bench.signal.pass(Duration.ofSeconds(2));
        assertThat(text(bench.join("abc-defg-hij", "Ann").said.getFirst(), "type")).isEqualTo("ok");
    }

    @Test
    void aTokenJoinsWithItsUserAndRoleAndAFalseOneDoesNot() {
        Page page = bench.page();
        page.say("{'type':'join','id':'1','token':'good','name':'Tom','sdp':'v=0'}");
        JsonNode me = page.said.getFirst().path("participant");
        assertThat(text(me, "user_id")).isEqualTo("u-7");
        assertThat(text(me, "role")).isEqualTo("host");
        Page bad = bench.page();
        bad.say("{'type':'join','id':'1','token':'bad','name':'Tom','sdp':'v=0'}");
        assertThat(bad.said.getFirst().path("status").asInt()).isEqualTo(401);
    }

    @Test
    void whatAPageWritesAsNameAndUserIsOneBoundedLine() {
        Page page = bench.page();
        page.say(
                "{'type':'join','id':'1','room_code':'abc-defg-hij','name':'  Ann ','user_id':'"
                        + "u".repeat(255)
                        + "','sdp':'v=0'}");
        JsonNode me = page.said.getFirst().path("participant");
        assertThat(text(me, "name")).isEqualTo("Ann");
        assertThat(text(me, "user_id")).hasSize(255);
        assertThat(text(bench.join("abc-defg-hij", "").said.getFirst().path("participant"), "name"))
                .isEqualTo("Guest");
    }

    @Test
    void aListenerIsNeverHeard() {
        bench.join("quiet", "Lee");
        assertThat(bench.media.asked).contains("addBrowser listening only", "muted true");
    }
}
