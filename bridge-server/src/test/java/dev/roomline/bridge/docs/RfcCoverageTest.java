package dev.roomline.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * docs/rfc-coverage.md is what the tests say of themselves: written anew by {@code
 * -Droomline.write.docs=true}, and false as soon as a tag, a section or an exception changes.
 */
final class RfcCoverageTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCUMENT = ROOT.resolve("docs/rfc-coverage.md");

    @Test
    void theDocumentIsWhatTestsSectionsAndExceptionsSay() throws IOException {
        String table = RfcCoverage.read(ROOT).document();
        if (Boolean.getBoolean("roomline.write.docs")) {
            Files.writeString(DOCUMENT, table);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(table);
    }

    @Test
    void whatTestsAndExceptionsNameIsInTheListOfSections() throws IOException {
        assertThat(RfcCoverage.read(ROOT).unknown()).isEmpty();
    }

    @Test
    void aTagOfAMethodAndOneOfItsClassAreFoundAndNoOther() {
        String source =
                """
                @Tag("RFC1000§2")
                class OneTest {
                    // @Tag("RFC1000§9")
                    @Test
                    @Tag("RFC1000§1.1")
                    @Tag("RFC2000§A.3")
                    void first() {
                        String text = "@Tag(\\"RFC1000§8\\")";
                    }

                    @Test
                    void second() {}

                    @Tag("slow")
                    @ParameterizedTest
                    @CsvSource({"a, (", "b"})
                    @Tag("RFC1000§1.1")
                    void third() {}
                }
                """;
        assertThat(TaggedTests.in("OneTest.java", source))
                .containsExactly(
                        new TaggedTests.Claim("RFC1000§2", "OneTest", ""),
                        new TaggedTests.Claim("RFC1000§1.1", "OneTest", "first"),
                        new TaggedTests.Claim("RFC2000§A.3", "OneTest", "first"),
                        new TaggedTests.Claim("RFC1000§1.1", "OneTest", "third"));
    }

    @Test
    void whatNobodyProvesIsSaidToBeUnproven() {
        RfcCoverage coverage =
                new RfcCoverage(
                        RfcSections.parse(
                                List.of(
                                        "RFC 1000 = Things",
                                        "1 How things begin",
                                        "2 How they end",
                                        "3 - Others' things: we have none")),
                        List.of(
                                new RfcCoverage.Proof(
                                        "a/OneTest.java",
                                        new TaggedTests.Claim("RFC1000§1", "OneTest", "begins")),
                                new RfcCoverage.Proof(
                                        "a/OneTest.java",
                                        new TaggedTests.Claim("RFC1000§7", "OneTest", "begins"))),
                        RfcExceptions.parse(
                                List.of(
                                        "| 1000 §2, §9 | it ends | it does not | why not |",
                                        "| 1001 | all | nothing | because |")));
        assertThat(coverage.document())
                .contains("| 1000 | Things | 2 | 1 | 1 | 2 |")
                .contains("| §1 | How things begin | [OneTest](../a/OneTest.java): `begins` | |")
                .contains("| §2 | How they end | none | it does not |")
                .contains("| §3 | Others' things | does not bind us: we have none | |");
        assertThat(coverage.unknown())
                .containsExactly("RFC1000§7 (OneTest)", "RFC1000§9 (rfc-exceptions.md)", "RFC1001");
    }
}
