package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The room page in one person's browser, used as that person would: by what it shows. */
final class RoomPage implements AutoCloseable {
    static final double TONE_DBFS = -12;

    private static final int EAR_RATE_HZ = 48_000;

    final Page page;
    private final List<String> complaints = new ArrayList<>();

    private RoomPage(Page page) {
        this.page = page;
        page.onPageError(complaints::add);
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error")) {
                        complaints.add(message.text());
                    }
                });
        page.onDialog(
                dialog -> {
                    complaints.add("a dialog: " + dialog.message());
                    dialog.dismiss();
                });
    }

    /** Opens the page of a room code; nobody has joined yet. */
    static RoomPage open(Page page, String url) {
        RoomPage roomPage = new RoomPage(page);
        page.navigate(url);
        page.locator("body[data-ready=true]").waitFor();
        return roomPage;
    }

    static RoomPage open(Chromium chromium, BridgeProcess bridge, double toneHertz) {
        String url = bridge.url("/join/" + BridgeProcess.ROOM_CODE).toString();
        return open(chromium.pageWithTone(toneHertz), url);
    }

    /** Joins by the token that an API handed out, without the page's own form. */
    void joinByToken(String token, String name) {
        try (var in = RoomPage.class.getResourceAsStream("/token-join.js")) {
            page.evaluate(
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8),
                    List.of(token, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types the name, clicks, and waits until sound flows. */
    RoomPage join(String name) {
        page.locator("#name").fill(name);
        page.locator("#join").click();
        return awaitConnected();
    }

    RoomPage listen(String name) {
        page.locator("#name").fill(name);
        page.locator("#listen").click();
        return awaitConnected();
    }

    RoomPage awaitConnected() {
        page.locator("body[data-connection=connected], #problem:visible, #ended:visible")
                .first()
                .waitFor();
        if (!page.locator("body[data-connection=connected]").isVisible()) {
            throw new AssertionError(
                    "not connected: " + page.locator("main").innerText() + " " + complaints);
        }
        return this;
    }

    /** Why joining did not work, as the page's machine-readable word. */
    @Nullable String problem() {
        page.locator("#problem").waitFor();
        return page.locator("#problem").getAttribute("data-reason");
    }

    /** Waits until somebody of that name is shown; exactly one. */
    Locator awaitParticipant(String name) {
        Locator named =
                page.locator("#participants > li")
                        .filter(
                                new Locator.FilterOptions()
                                        .setHas(
                                                page.getByText(
                                                        name,
                                                        new Page.GetByTextOptions()
                                                                .setExact(true))));
        assertThat(named).hasCount(1);
        return named;
    }

    void awaitAbsent(String name) {
        page.locator("#participants .name")
                .getByText(name, new Locator.GetByTextOptions().setExact(true))
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
    }

    List<String> names() {
        return page.locator("#participants .name").allTextContents();
    }

    void mute() {
        page.locator("#mute").click();
    }

    void leave() {
        page.locator("#leave").click();
        page.locator("#ended").waitFor();
    }

    /**
     * What it hears from now on, in stretches of 0.6 s without gaps inside: segments of the measure
     * never cross from one stretch to the next.
     */
    Recording listen(double seconds) {
        page.evaluate("() => window.earSnapshot()"); // what was before is not asked for
        int stretches = (int) Math.ceil(seconds / 0.6);
        List<double[]> heard = new ArrayList<>();
        for (int i = 0; i < stretches; i++) {
            heard.add(samples(stretch()));
        }
        return new Recording(EAR_RATE_HZ, heard.stream().flatMapToDouble(Arrays::stream).toArray());
    }

    private String stretch() {
        return await("the page to hear 0.6 s")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(100))
                .pollInSameThread() // Playwright is bound to the thread that made it
                .until(
                        () -> (String) page.evaluate("() => window.earSnapshot() ?? ''"),
                        text -> !text.isEmpty());
    }

    private static double[] samples(String base64) {
        ByteBuffer octets =
                ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        double[] samples = new double[octets.remaining() / 2];
        Arrays.setAll(samples, n -> octets.getShort(2 * n) / 32_768.0);
        return samples;
    }

    /** Errors that the page's console holds: violations of the security policy are among them. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    void screenshot(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    @Override
    public void close() {
        page.context().close();
    }
}
