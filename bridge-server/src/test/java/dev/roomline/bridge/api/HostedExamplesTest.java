package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.HostedDocument.Operation;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.Transfer;
import dev.roomline.sip.refer.Referral;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What docs/openapi.yaml shows of the hosted dialects works as it stands there. */
final class HostedExamplesTest {
    @TempDir Path folder;

    @Test
    void whatTheDocumentShowsIsTaken() throws IOException {
        for (Operation operation : HostedDocument.withBodies()) {
            for (ObjectNode example : HostedDocument.examples(operation.schema())) {
                // each on a server where nothing was asked before
                try (HostedThings things =
                        new HostedThings(Files.createTempDirectory(folder, "run"))) {
                    things.api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
                    things.api.calls.transferring = taken();
                    HttpResponse<String> answer =
                            things.send(
                                    operation,
                                    things.path(operation),
                                    things.good(operation, example).toString());
                    assertThat(answer.statusCode())
                            .as("%s %s: %s", operation, example, answer.body())
                            .isBetween(200, 202);
                }
            }
        }
    }

    /** The far end of a call takes its transfer. */
    private static LiveCalls.Transferring taken() {
        Transfer accepted =
                new Transfer(
                        "+15551234567",
                        Referral.Phase.ACCEPTED,
                        Referral.Cause.NONE,
                        0,
                        "",
                        ApiServer.NOON);
        return new LiveCalls.Transferring.Begun(
                CompletableFuture.completedStage(accepted), new CompletableFuture<>());
    }
}
