package dev.roomline.bridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies of the product's packages point one way. */
final class DependenciesTest {
    private static final String BRIDGE = "dev.roomline.bridge";
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(BRIDGE);

    @Test
    void nobodyKnowsTheApiButTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BRIDGE, BRIDGE + ".api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BRIDGE + ".api..")
                .check(CLASSES);
    }

    @Test
    void configurationKnowsNoOtherPackageOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(BRIDGE + ".config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        BRIDGE + ".store..",
                        BRIDGE + ".auth..",
                        BRIDGE + ".call..",
                        BRIDGE + ".room..",
                        BRIDGE + ".inbound..",
                        BRIDGE + ".peer..",
                        BRIDGE + ".lifecycle..",
                        BRIDGE + ".metrics..",
                        "dev.roomline.sip..",
                        "dev.roomline.media..")
                .check(CLASSES);
    }

    @Test
    void theStoreKnowsRowsAndConfigurationAlone() {
        noClasses()
                .that()
                .resideInAPackage(BRIDGE + ".store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        BRIDGE + ".auth..",
                        BRIDGE + ".call..",
                        BRIDGE + ".room..",
                        BRIDGE + ".peer..",
                        BRIDGE + ".lifecycle..",
                        "io.vertx..",
                        "dev.roomline.sip..",
                        "dev.roomline.media..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStoreSpeaksToTheDatabase() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BRIDGE + ".store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.jdbi..", "org.sqlite..", "com.zaxxer..")
                .check(CLASSES);
    }

    @Test
    void theApiDoesNotReachBehindTheFaces() {
        classes()
                .that()
                .resideInAPackage(BRIDGE + ".api..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(
                        BRIDGE + ".inbound..",
                        BRIDGE + ".trunk..",
                        "dev.roomline.sip..",
                        "io.netty..",
                        "java.sql..")
                .check(CLASSES);
    }

    @Test
    void nobodyHereOpensASocketOfSipOrMedia() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.net\\.(Server|Datagram|Multicast)?Socket"
                                + "|java\\.nio\\.channels\\.(Server|Datagram)?Socket?Channel"
                                + "|io\\.netty\\.bootstrap\\..*")
                .check(CLASSES);
    }

    /** It runs on the signalling loop, on what anybody may send: no time that grows by squares. */
    @Test
    void atTheDoorNothingIsReadByARegularExpression() {
        noClasses()
                .that()
                .resideInAPackage(BRIDGE + ".inbound")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex")
                .orShould()
                .callMethod(String.class, "matches", String.class)
                .orShould()
                .callMethod(String.class, "replaceAll", String.class, String.class)
                .orShould()
                .callMethod(String.class, "replaceFirst", String.class, String.class)
                .check(CLASSES);
    }
}
