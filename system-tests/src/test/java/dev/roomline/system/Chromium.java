package dev.roomline.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The distribution's Chromium, headless, driven by Playwright on the test's own thread. Each page
 * has a context of its own, as if it were another person's browser.
 */
final class Chromium implements AutoCloseable {
    /**
     * A name that is not secure as {@code localhost} is, and leads to this machine all the same.
     */
    static final String INSECURE_HOST = "bridge.test";

    private static final String MICROPHONE = "--use-fake-device-for-media-stream";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(LaunchOptions options) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(options);
    }

    static Chromium launch() {
        return new Chromium(options(executable(), MICROPHONE));
    }

    /** On a machine without any microphone. */
    static Chromium launchWithoutMicrophone() {
        return new Chromium(options(executable()));
    }

    /**
     * Inside a network namespace.
     *
     * @param origin counts as secure, as {@code localhost} does
     */
    static Chromium launchIn(String namespace, String origin) {
        Path inside = Workspace.folder("chromium").resolve("chromium");
        Workspace.write(
                inside,
                "#!/bin/sh\nexec ip netns exec %s %s \"$@\"\n".formatted(namespace, executable()));
        if (!inside.toFile().setExecutable(true)) {
            throw new AssertionError(inside + " cannot be made executable");
        }
        String secure = "--unsafely-treat-insecure-origin-as-secure=" + origin;
        return new Chromium(options(inside, MICROPHONE, secure));
    }

    private static LaunchOptions options(Path executable, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-dev-shm-usage",
                                "--disable-features=WebRtcHideLocalIpsWithMdns",
                                "--allow-loopback-in-peer-connection",
                                "--autoplay-policy=no-user-gesture-required",
                                "--host-resolver-rules=MAP " + INSECURE_HOST + " 127.0.0.1"));
        arguments.addAll(List.of(more));
        return new LaunchOptions().setExecutablePath(executable).setArgs(arguments);
    }

    private static Path executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("Chromium is missing; scripts/test installs it"));
    }

    /** A person whose microphone says one steady tone. */
    Page pageWithTone(double hertz) {
        return page(hertz, true);
    }

    /** A person who allows the page the browser's own microphone, or does not. */
    Page page(boolean microphoneAllowed) {
        return page(0, microphoneAllowed);
    }

    private Page page(double hertz, boolean microphoneAllowed) {
        BrowserContext context = browser.newContext();
        if (microphoneAllowed) {
            context.grantPermissions(List.of("microphone"));
        }
        Page page = context.newPage();
        page.setDefaultTimeout(15_000);
        page.addInitScript(PageEar.script(hertz));
        return page;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
