package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(boolean hasMicrophone) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(options(hasMicrophone));
    }

    static Chromium launch() {
        return new Chromium(true);
    }

    /** On a machine without any microphone. */
    static Chromium launchWithoutMicrophone() {
        return new Chromium(false);
    }

    private static LaunchOptions options(boolean hasMicrophone) {
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
        if (hasMicrophone) {
            arguments.add("--use-fake-device-for-media-stream");
        }
        return new LaunchOptions().setExecutablePath(executable()).setArgs(arguments);
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
        page.addInitScript(ear(hertz));
        return page;
    }

    private static String ear(double hertz) {
        try (var in = Chromium.class.getResourceAsStream("/page-ear.js")) {
            double amplitude = Math.pow(10, RoomPage.TONE_DBFS / 20);
            return "const HERTZ = %s, AMPLITUDE = %s;%n".formatted(hertz, amplitude)
                    + new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
