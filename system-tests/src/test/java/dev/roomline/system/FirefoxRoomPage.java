package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/** The room page in a tab of Firefox, used by what it shows. */
final class FirefoxRoomPage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Firefox firefox;
    private final String tab;
    private final PageEar ear = new PageEar(this::evaluate);

    private FirefoxRoomPage(Firefox firefox) {
        this.firefox = firefox;
        tab =
                firefox.ask("browsingContext.create", Map.of("type", "tab"))
                        .get("context")
                        .asString();
    }

    /**
     * Opens the page of a room and joins.
     *
     * @param scripts are run in it before its own
     */
    static FirefoxRoomPage join(
            Firefox firefox, BridgeProcess bridge, String name, String... scripts) {
        FirefoxRoomPage page = new FirefoxRoomPage(firefox);
        for (String script : scripts) {
            Map<String, ?> preload =
                    Map.of(
                            "functionDeclaration",
                            "() => {" + script + "}",
                            "contexts",
                            List.of(page.tab));
            firefox.ask("script.addPreloadScript", preload);
        }
        String url = bridge.url("/join/" + BridgeProcess.ROOM_CODE).toString();
        firefox.ask(
                "browsingContext.navigate",
                Map.of("context", page.tab, "url", url, "wait", "complete"));
        page.awaitShown("body[data-ready=true]");
        page.evaluate("() => document.querySelector('#name').value = '" + name + "'");
        page.keepMicrophone();
        page.click("#join");
        page.awaitShown("body[data-connection=connected]");
        return page;
    }

    /**
     * Who has given no microphone shows the page no address but that which leads to the internet.
     */
    private void keepMicrophone() {
        evaluate(
                """
                async () => {
                  const { getUserMedia } = MediaDevices.prototype;
                  window.microphone = await getUserMedia.call(navigator.mediaDevices, { audio: true });
                  return true;
                }
                """);
    }

    PageEar ear() {
        return ear;
    }

    void leave() {
        click("#leave");
        awaitShown("body[data-view=ended]");
    }

    private void click(String selector) {
        evaluate("() => { document.querySelector('" + selector + "').click(); return true; }");
    }

    private void awaitShown(String selector) {
        try {
            await(selector)
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .pollInSameThread()
                    .until(
                            () ->
                                    (Boolean)
                                            evaluate(
                                                    "() => document.querySelector('"
                                                            + selector
                                                            + "') !== null"));
        } catch (ConditionTimeoutException e) {
            Object shown = evaluate("() => document.querySelector('main').innerText");
            throw new AssertionError(selector + ": " + shown, e);
        }
    }

    private Object evaluate(String function) {
        JsonNode made =
                firefox.ask(
                        "script.evaluate",
                        Map.of(
                                "expression",
                                "(async () => JSON.stringify(await (" + function + ")()))()",
                                "target",
                                Map.of("context", tab),
                                "awaitPromise",
                                true,
                                "userActivation",
                                true));
        assertThat(made.path("type").asString()).as(made.toString()).isEqualTo("success");
        JsonNode value = made.get("result").path("value");
        String text = value.isMissingNode() ? "null" : value.asString();
        return BridgeProcess.JSON.readValue(text, Object.class);
    }

    @Override
    public void close() {
        firefox.ask("browsingContext.close", Map.of("context", tab));
    }
}
