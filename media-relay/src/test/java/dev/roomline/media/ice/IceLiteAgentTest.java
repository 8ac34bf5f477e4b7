package dev.roomline.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.ice.IceLiteAgent.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class IceLiteAgentTest {

    private static final IceCredentials LOCAL =
            new IceCredentials("ours", "ourPasswordOf24CharsLong");
    private static final IceCredentials NEW =
            new IceCredentials("next", "anotherPasswordOf24Chars");

    private final IceLiteAgent agent = new IceLiteAgent(LOCAL, "them", 0);
    private final List<IceEffect> effects = new ArrayList<>();
    private long nowNanos;

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), port);
    }

    private Verdict send(Check check, int port) {
        byte[] bytes = check.bytes();
        return agent.onStun(bytes, 0, bytes.length, at(port), nowNanos, effects::add);
    }

    private static Check nominating() {
        Check check = new Check(LOCAL);
        check.nominate = true;
        return check;
    }

    private StunMessage response() {
        for (IceEffect effect : effects) {
            if (effect instanceof IceEffect.Send send) {
                return StunMessageTest.message(send.datagram());
            }
        }
        throw new AssertionError("no response");
    }

    @Test
    @Tag("RFC8445§7.3")
    void aCheckIsAnsweredAndMakesItsAddressValid() {
        assertThat(agent.isValid(at(1))).isFalse();
        assertThat(send(new Check(LOCAL), 1)).isEqualTo(Verdict.ANSWERED);

        assertThat(response().type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(response().integrityMatches(new StunHmac(LOCAL.password()))).isTrue();
        assertThat(agent.isValid(at(1))).isTrue();
        assertThat(agent.selected()).isNull();
    }

    @Test
    @Tag("RFC8445§8.1.1")
    void theLatestNominationIsFollowed() {
        send(nominating(), 1);
        send(nominating(), 2);
        assertThat(agent.selected()).isEqualTo(at(2));
        send(nominating(), 1);
        assertThat(effects.stream().filter(IceEffect.Selected.class::isInstance))
                .containsExactly(
                        new IceEffect.Selected(at(1)),
                        new IceEffect.Selected(at(2)),
                        new IceEffect.Selected(at(1)));
    }

    @Test
    void whatIsNotAuthenticGetsNoAnswerAndNoState() {
        Check user = nominating();
        user.username = "nobody:them";
        Check otherPeer = nominating();
        otherPeer.username = "ours:other";
        Check password = nominating();
        password.password = "wrong";
        Check bare = nominating();
        bare.integrity = false;
        Check unmarked = nominating();
        unmarked.fingerprint = false;

        assertThat(send(user, 1)).isEqualTo(Verdict.UNKNOWN_USER);
        assertThat(send(otherPeer, 1)).isEqualTo(Verdict.UNKNOWN_USER);
        assertThat(send(password, 1)).isEqualTo(Verdict.BAD_INTEGRITY);
        assertThat(send(bare, 1)).isEqualTo(Verdict.BAD_INTEGRITY);
        assertThat(send(unmarked, 1)).isEqualTo(Verdict.BAD_FINGERPRINT);
        assertThat(effects).isEmpty();
        assertThat(agent.isValid(at(1))).isFalse();
    }

    @Test
    @Tag("RFC8489§14.5")
    void aNominationBehindTheIntegrityIsNotBelieved() {
        Check check = new Check(LOCAL);
        check.behindIntegrity = StunMessage.USE_CANDIDATE;

        assertThat(send(check, 1)).isEqualTo(Verdict.ANSWERED);
        assertThat(agent.selected()).isNull();
    }

    @Test
    @Tag("RFC8489§6.3.1")
    void unknownRequiredAttributesAre420AndUnknownOptionalOnesAreSkipped() {
        Check required = nominating();
        required.extra = 0x7001;
        assertThat(send(required, 1)).isEqualTo(Verdict.ANSWERED_WITH_ERROR);
        assertThat(response().type()).isEqualTo(StunMessage.BINDING_ERROR);
        assertThat(agent.isValid(at(1))).isFalse();

        Check optional = nominating();
        optional.extra = 0xC057;
        assertThat(send(optional, 1)).isEqualTo(Verdict.ANSWERED);
    }

    @Test
    @Tag("RFC8445§7.3.1.1")
    void aControlledPeerIsTold487() {
        Check check = nominating();
        check.role = StunMessage.ICE_CONTROLLED;

        assertThat(send(check, 1)).isEqualTo(Verdict.ANSWERED_WITH_ERROR);
        byte[] bytes = ((IceEffect.Send) effects.getFirst()).datagram();
        assertThat(bytes[20 + 4 + 2]).isEqualTo((byte) 4);
        assertThat(bytes[20 + 4 + 3]).isEqualTo((byte) 87);
        assertThat(agent.selected()).isNull();
    }

    @Test
    void noAnswerIsLongerThanOneAndAHalfTimesItsRequest() {
        for (int extra : new int[] {-1, 0x7001, 0xC057}) {
            Check check = nominating();
            check.extra = extra;
            byte[] bytes = check.bytes();
            effects.clear();
            agent.onStun(
                    bytes,
                    0,
                    bytes.length,
                    new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 9),
                    0,
                    effects::add);
            IceEffect.Send send = (IceEffect.Send) effects.getFirst();
            assertThat(send.datagram().length * 2).isLessThanOrEqualTo(bytes.length * 3);
        }
    }

    @Test
    void aNinthAddressIsRefusedUntilOneFellSilent() {
        for (int port = 1; port <= 8; port++) {
            assertThat(send(nominating(), port)).isEqualTo(Verdict.ANSWERED);
        }
        assertThat(send(nominating(), 9)).isEqualTo(Verdict.TOO_MANY_ADDRESSES);
        assertThat(agent.isValid(at(9))).isFalse();

        nowNanos = TimeUnit.SECONDS.toNanos(31);
        assertThat(send(nominating(), 9)).isEqualTo(Verdict.ANSWERED);
        assertThat(agent.selected()).isEqualTo(at(9));
    }

    @Test
    @Tag("RFC7675§5.1")
    void consentExpiresThirtySecondsAfterTheLastCheckAndIsToldOnce() {
        nowNanos = TimeUnit.SECONDS.toNanos(5);
        send(nominating(), 1);
        effects.clear();
        assertThat(agent.nextDeadlineNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(35));

        agent.onDeadline(TimeUnit.SECONDS.toNanos(35) - 1, effects::add);
        assertThat(effects).isEmpty();
        agent.onDeadline(TimeUnit.SECONDS.toNanos(35), effects::add);
        agent.onDeadline(TimeUnit.SECONDS.toNanos(36), effects::add);

        assertThat(effects).containsExactly(new IceEffect.ConsentExpired());
        assertThat(agent.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void authenticSrtpMovesThePairOnlyToANominatedAddress() {
        send(nominating(), 1);
        send(nominating(), 2);
        send(new Check(LOCAL), 3);

        agent.onAuthenticSrtp(at(1), nowNanos, effects::add);
        assertThat(agent.selected()).isEqualTo(at(1));
        agent.onAuthenticSrtp(at(3), nowNanos, effects::add);
        agent.onAuthenticSrtp(at(4), nowNanos, effects::add);
        assertThat(agent.selected()).isEqualTo(at(1));
    }

    @Test
    @Tag("RFC8445§9")
    void afterARestartTheOldWorksUntilTheNewNominates() {
        send(nominating(), 1);
        agent.restart(NEW, "they", nowNanos);
        assertThat(agent.localUfrags()).containsExactly("next", "ours");
        assertThat(send(new Check(LOCAL), 1)).isEqualTo(Verdict.ANSWERED);
        Check fresh = nominating();
        fresh.username = "next:they";
        fresh.password = NEW.password();

        assertThat(send(fresh, 2)).isEqualTo(Verdict.ANSWERED);

        assertThat(agent.selected()).isEqualTo(at(2));
        assertThat(agent.localUfrags()).containsExactly("next");
        assertThat(send(nominating(), 1)).isEqualTo(Verdict.UNKNOWN_USER);
    }

    @Test
    void generatedCredentialsAreLongEnoughAndUnlike() {
        Random random = new Random(1);
        IceCredentials one = IceCredentials.generate(random);
        IceCredentials two = IceCredentials.generate(random);

        assertThat(one.ufrag()).hasSize(8).isNotEqualTo(two.ufrag());
        assertThat(one.password()).hasSize(24).isNotEqualTo(two.password());
        assertThat(one.toString()).doesNotContain(one.password());
    }

    @Test
    @Tag("RFC8445§11")
    void whateverComesFromTheNominatedAddressKeepsItsConsentAndNothingElseDoes() {
        Check check = new Check(LOCAL);
        check.nominate = true;
        send(check, 1);
        nowNanos = IceLiteAgent.CONSENT_NANOS - 1;
        agent.onSignOfLife(at(2), nowNanos);
        assertThat(agent.nextDeadlineNanos()).isEqualTo(IceLiteAgent.CONSENT_NANOS);
        agent.onSignOfLife(at(1), nowNanos);
        assertThat(agent.nextDeadlineNanos()).isEqualTo(nowNanos + IceLiteAgent.CONSENT_NANOS);

        nowNanos += IceLiteAgent.CONSENT_NANOS;
        agent.onDeadline(nowNanos, effects::add);
        assertThat(agent.isExpired()).isTrue();
        assertThat(agent.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        agent.onSignOfLife(at(1), nowNanos);
        assertThat(agent.isExpired()).isFalse();
    }
}
