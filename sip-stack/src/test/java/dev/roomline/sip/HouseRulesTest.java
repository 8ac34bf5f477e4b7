package dev.roomline.sip;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.Random;
import java.util.Timer;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What keeps the cores free of the world: who may open sockets, start threads, read a clock. */
class HouseRulesTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.roomline.sip");

    private static final DescribedPredicate<JavaClass> SOCKETS =
            DescribedPredicate.describe(
                    "sockets",
                    type ->
                            type.getPackageName().startsWith("io.netty")
                                    || type.isEquivalentTo(Socket.class)
                                    || type.isEquivalentTo(ServerSocket.class)
                                    || type.isEquivalentTo(DatagramSocket.class)
                                    || type.getName().startsWith("java.nio.channels.Datagram")
                                    || type.getName().startsWith("java.nio.channels.Socket"));

    @Test
    void theRulesSeeTheClasses() {
        assertThat(CLASSES.size()).isGreaterThan(50);
    }

    @Test
    void onlyTransportOpensSockets() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..transport..")
                .should()
                .dependOnClassesThat(SOCKETS)
                .check(CLASSES);
    }

    @Test
    void onlyTransportStartsThreadsAndReadsClocks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..transport..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Executors.class, Timer.class, Clock.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void onlyMessageNamesTheParsersClasses() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..sip.message..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gov.nist..", "javax.sip..", "android..")
                .check(CLASSES);
    }

    @Test
    void dependenciesPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage("..sip.message..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..sip.transaction..",
                        "..sip.dialog..",
                        "..sip.endpoint..",
                        "..sip.transport..",
                        "..sip.auth..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("..transport..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..sip.transport..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.roomline.sip..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.roomline.media..", "dev.roomline.bridge..")
                .check(CLASSES);
    }

    @Test
    void theCoresRandomnessIsInjected() {
        noClasses()
                .that()
                .resideInAnyPackage("..message..", "..transaction..", "..dialog..", "..endpoint..")
                .should()
                .callConstructor(Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.roomline.sip.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
