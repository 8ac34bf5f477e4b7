package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The room page in one person's browser, used as that person would: by what it shows. */
final class RoomPage implements AutoCloseable {
    static final double TONE_DBFS = PageEar.TONE_DBFS;

    final Page page;
    private final PageEar ear;
    private final List<String> complaints = new ArrayList<>();

    private RoomPage(Page page) {
        this.page = page;
        ear = new PageEar(page::evaluate);
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

    Recording listen(double seconds) {
        return ear.listen(seconds);
    }

    /** What it plays. */
    PageEar ear() {
        return ear;
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
