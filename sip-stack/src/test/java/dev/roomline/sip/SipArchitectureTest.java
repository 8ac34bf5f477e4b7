package dev.roomline.sip;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What this module's packages may know. */
class SipArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.roomline.sip");

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    @Test
    void only_message_names_jain_sip() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("..sip.message..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("javax.sip..", "gov.nist.."));
    }

    @Test
    void only_transport_names_netty() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("..sip.transport..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.netty.."));
    }

    @Test
    void only_transport_and_resolve_open_sockets_or_start_threads() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("..sip.transport..", "..sip.resolve..")
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.net.Socket")
                        .orShould()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.net.ServerSocket")
                        .orShould()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.net.DatagramSocket")
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAPackage("java.nio.channels..")
                        .orShould()
                        .dependOnClassesThat()
                        .areAssignableTo(Thread.class)
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAPackage("java.util.concurrent.locks.."));
    }

    @Test
    void only_transport_and_resolve_read_a_clock() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("..sip.transport..", "..sip.resolve..")
                        .should()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .dependOnClassesThat()
                        .areAssignableTo(java.time.Clock.class));
    }

    @Test
    void randomness_is_injected() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "..message..", "..transaction..", "..dialog..", "..endpoint..")
                        .should()
                        .callConstructor(Random.class)
                        .orShould()
                        .callMethod(Math.class, "random"));
    }

    @Test
    void the_core_is_layered_without_cycles() {
        check(slices().matching("dev.roomline.sip.(*)..").should().beFreeOfCycles());
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage("..message..", "..transaction..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "..sip.dialog..", "..sip.endpoint..", "..sip.transport.."));
    }
}
