package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.LiveCalls.Transferring;
import dev.roomline.bridge.call.Transfer;
import dev.roomline.sip.refer.Referral.Cause;
import dev.roomline.sip.refer.Referral.Phase;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/calls/{id}/transfer}: when it answers, and what. */
class TransfersApiTest {
    private static final String PATH = "/v1/calls/call_1/transfer";

    @AutoClose private final ApiServer api;

    TransfersApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
    }

    private static Transfer step(Phase phase, Cause cause, int status) {
        return new Transfer("+1", phase, cause, status, "Why.", ApiServer.NOON);
    }

    private static Transferring begun(Transfer taken, Transfer over) {
        return new Transferring.Begun(
                CompletableFuture.completedStage(taken), CompletableFuture.completedStage(over));
    }

    private HttpResponse<String> transfer(String wait) {
        String more = wait.isEmpty() ? "" : ",\"wait\":\"" + wait + "\"";
        return api.post(PATH, "{\"to\":\"tel:+15551234567\"" + more + "}");
    }

    @Test
    void itAnswersWhenTheFarEndHasTakenTheReferUnlessAskedToWaitForMore() {
        api.calls.transferring =
                begun(step(Phase.ACCEPTED, Cause.NONE, 0), step(Phase.FAILED, Cause.ANSWERED, 486));
        for (String wait : new String[] {"", "accepted", "none"}) {
            HttpResponse<String> answer = transfer(wait);
            assertThat(answer.statusCode()).as(wait).isEqualTo(202);
            assertThat(ApiServer.json(answer).get("id").asString()).isEqualTo("call_1");
        }
        HttpResponse<String> failed = transfer("answered");
        assertThat(failed.statusCode()).isEqualTo(409);
        JsonNode problem = ApiServer.json(failed);
        assertThat(problem.get("reason").asString()).isEqualTo("busy");
        assertThat(problem.get("sip_status").asInt()).isEqualTo(486);
        assertThat(problem.get("detail").asString()).isEqualTo("Why.");
        assertThat(api.calls.transferred).containsOnly("tel:+15551234567");
    }

    @Test
    void anotherCallsPlaceMayBeTakenInstead() {
        Transfer taken = step(Phase.ACCEPTED, Cause.NONE, 0);
        api.calls.transferring = begun(taken, taken);
        assertThat(api.post(PATH, "{\"replaces\":\"call_2\"}").statusCode()).isEqualTo(202);
        assertThat(api.calls.transferred).containsExactly("replaces call_2");
        for (String body :
                new String[] {"{}", "{\"to\":\"+15551234567\",\"replaces\":\"call_2\"}"}) {
            assertThat(api.post(PATH, body).statusCode()).as(body).isEqualTo(422);
        }
    }

    @Test
    void whatNobodyKnowsTheEndOfIsNoFailure() {
        api.calls.transferring =
                begun(step(Phase.ACCEPTED, Cause.NONE, 0), step(Phase.UNKNOWN, Cause.SILENCE, 0));
        assertThat(transfer("answered").statusCode()).isEqualTo(202);
    }

    @Test
    void aReferThatIsRefusedIsAProblemWithItsStatus() {
        Transfer no = step(Phase.FAILED, Cause.REFUSED, 405);
        api.calls.transferring = begun(no, no);
        HttpResponse<String> answer = transfer("");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(ApiServer.json(answer).get("sip_status").asInt()).isEqualTo(405);
    }

    @Test
    void whatCannotBeTransferredSaysWhy() {
        assertThat(api.post("/v1/calls/call_no/transfer", "{\"to\":\"+1\"}").statusCode())
                .isEqualTo(404);
        assertThat(transfer("").statusCode()).isEqualTo(409);
        api.calls.transferring = new Transferring.UnderWay();
        assertThat(ApiServer.json(transfer("")).get("detail").asString())
                .isEqualTo("The call is being transferred already.");
        api.calls.transferring =
                new Transferring.Refused(CallEnd.of(EndReason.NOT_ALLOWED, "Premium."));
        HttpResponse<String> forbidden = transfer("");
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(ApiServer.json(forbidden).get("reason").asString()).isEqualTo("not_allowed");
        for (String to : new String[] {"sip:someone", "nobody", "http://x", "sip:a@b c"}) {
            assertThat(api.post(PATH, "{\"to\":\"" + to + "\"}").statusCode())
                    .as(to)
                    .isEqualTo(422);
        }
    }
}
