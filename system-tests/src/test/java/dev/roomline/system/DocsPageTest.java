package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The reference of the API at {@code /docs}, as somebody without the internet sees it. */
final class DocsPageTest {
    private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete");

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("docs-page");

    @SuppressWarnings("NullAway.Init")
    private static Chromium chromium;

    private final List<String> elsewhere = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void launchBrowser() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    private record Operation(String id, String verb, String path) {}

    private static List<Operation> described() {
        List<Operation> operations = new ArrayList<>();
        for (var path : bridge.get("/openapi.json").path("paths").properties()) {
            for (var verb : path.getValue().properties()) {
                if (VERBS.contains(verb.getKey())) {
                    JsonNode id = verb.getValue().path("operationId");
                    operations.add(
                            new Operation(
                                    id.asString(""),
                                    verb.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey()));
                }
            }
        }
        return operations;
    }

    /** Opens it; what is asked of anybody but the server is refused and told. */
    private Page open() {
        Page page = chromium.page(true);
        String home = bridge.url("/").toString();
        page.onPageError(complaints::add);
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error")) {
                        complaints.add(message.text());
                    }
                });
        page.route(
                url -> !url.startsWith(home),
                route -> {
                    elsewhere.add(route.request().url());
                    route.abort();
                });
        page.navigate(bridge.url("/docs").toString());
        page.locator("html[data-drawn=yes]").waitFor();
        return page;
    }

    @Test
    void everyOperationIsShownAndNothingIsLoadedFromElsewhere() {
        try (Page page = open()) {
            List<Operation> described = described();
            assertThat(described).hasSizeGreaterThan(50);
            assertThat(page.locator(".operation")).hasCount(described.size());
            for (Operation operation : described) {
                Locator shown = page.locator("[id='" + operation.id() + "']");
                assertThat(shown.locator("h3")).hasText(operation.verb() + operation.path());
                assertThat(shown.locator("pre").first()).containsText("curl");
                assertThat(page.locator("#contents a[href='#" + operation.id() + "']")).hasCount(1);
            }
            String text = page.locator("#reference").innerText();
            assertThat(text).doesNotContain("undefined", "[object", "NaN", "$ref");
            assertThat(page.locator("#state")).hasCount(0);
            assertThat(elsewhere).as("asked of others").isEmpty();
            assertThat(complaints).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 820, 1280})
    void nothingSticksOutOfTheWindow(int width) {
        try (Page page = open()) {
            page.setViewportSize(width, 844);
            assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
                    .isEqualTo(width);
            Object outside =
                    page.evaluate(
                            """
                            () => [...document.querySelectorAll("#reference h3, #reference p, #reference td")]
                                .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("pre"))
                                .map((e) => e.textContent.slice(0, 60))
                            """);
            assertThat((List<?>) outside).isEmpty();
        }
    }

    @Test
    void aLinkToAnOperationLeadsThere() {
        try (Page page = open()) {
            page.locator("#contents a[href='#placeCall']").click();
            assertThat(page.locator("#placeCall")).isInViewport();
        }
    }
}
