package dev.roomline.media;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class MediaArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.roomline.media");

    @Test
    void dependencies_point_from_the_loop_down_to_the_packet() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("loop")
                .definedBy("..media.loop..")
                .layer("room")
                .definedBy("..media.room..")
                .layer("leg")
                .definedBy("..media.leg..")
                .layer("jitter")
                .definedBy("..media.jitter..")
                .layer("negotiation and keys")
                .definedBy("..media.sdp..", "..media.ice..", "..media.dtls..", "..media.srtp..")
                .layer("packets and samples")
                .definedBy(
                        "..media.rtp..",
                        "..media.rtcp..",
                        "..media.codec..",
                        "..media.dsp..",
                        "..media.dtmf..",
                        "..media.enhance..")
                .whereLayer("loop")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("room")
                .mayOnlyBeAccessedByLayers("loop")
                .whereLayer("leg")
                .mayOnlyBeAccessedByLayers("loop", "room")
                .whereLayer("jitter")
                .mayOnlyBeAccessedByLayers("loop", "room", "leg")
                .whereLayer("negotiation and keys")
                .mayOnlyBeAccessedByLayers("loop", "room", "leg")
                .check(CLASSES);
    }

    @Test
    void only_the_loop_and_dtls_open_sockets_or_start_threads() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..media.loop..", "..media.dtls..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "java.nio.channels..", "java.util.concurrent")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.DatagramSocket")
                .check(CLASSES);
    }

    @Test
    void what_judges_sound_is_for_tests_and_benchmarks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..media.measure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..media.measure..")
                .check(CLASSES);
    }

    @Test
    void only_the_loop_reads_a_clock() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..media.loop..", "..media.dtls..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }
}
