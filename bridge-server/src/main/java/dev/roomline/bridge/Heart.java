package dev.roomline.bridge;

import dev.roomline.bridge.api.hundredms.HundredMsFormat;
import dev.roomline.bridge.api.indus.EndReport;
import dev.roomline.bridge.api.videosdk.VideoSdkFormat;
import dev.roomline.bridge.api.videosdk.WebhookKey;
import dev.roomline.bridge.call.CallLimits;
import dev.roomline.bridge.call.CallSound;
import dev.roomline.bridge.call.StoredCalls;
import dev.roomline.bridge.call.Switchboard;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.entry.Plan;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.inbound.Dialplan;
import dev.roomline.bridge.lifecycle.StartFault;
import dev.roomline.bridge.metrics.LiveNumbers;
import dev.roomline.bridge.metrics.Metrics;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.room.Permissions;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.LoopSignal;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trunk.TrunkNews;
import dev.roomline.bridge.trunk.Trunks;
import dev.roomline.bridge.webhook.Format;
import dev.roomline.bridge.webhook.GuardedHttp;
import dev.roomline.bridge.webhook.Mailroom;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.media.loop.MediaSettings;
import dev.roomline.media.loop.NettyMediaRelay;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.transport.SignalLoop;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The signalling loop and what lives on it, the media relay, and what counts them. */
record Heart(
        SignalLoop loop,
        LoopSignal signal,
        LocalRooms rooms,
        CodeBook codes,
        RoomDirectory directory,
        StoredCalls records,
        Switchboard calls,
        RefusalRing refusals,
        EventBus events,
        Mailroom mailroom,
        Redaction secrets,
        Dialplan dialplan,
        Trunks trunks,
        MediaRelay relay,
        AtomicReference<Supplier<LiveNumbers>> numbers,
        Metrics metrics) {
    /**
     * @param sip the core that is opened later; nothing is sent before
     */
    static Heart start(Ground ground, OpenParts parts, Consumer<ClientCommand.Send> sip)
            throws StartFault {
        RoomlineConfig config = ground.config();
        Store store = ground.store();
        SignalLoop loop = parts.keep(SignalLoop.start());
        LoopSignal signal = new LoopSignal(loop, ground.clock());
        MediaRelay relay = parts.keep("media.webrtc_port", () -> relay(config));
        AtomicReference<Supplier<LiveNumbers>> numbers =
                new AtomicReference<>(() -> LiveNumbers.NONE);
        Metrics metrics = new Metrics(() -> Objects.requireNonNull(numbers.get()).get());
        store.tell(metrics.counters()::stored);
        Ids ids = Ids.secure();
        RefusalRing refusals = new RefusalRing();
        LocalRooms rooms = new LocalRooms(relay, signal, new Permissions(config.roles()), ids);
        EventBus events = new EventBus(ground.clock());
        rooms.tell(events);
        rooms.measure(leg -> metrics.counters().browserQuality(CallSound.of(leg)));
        Mailroom mailroom = parts.keep(mailroom(ground, events, metrics));
        metrics.events(events::last, mailroom::waiting);
        Redaction secrets = new Redaction(config.declared().secretHeaders());
        StoredCalls records =
                new StoredCalls(store.calls(), new TraceJson(secrets), ground.blocking());
        Switchboard calls =
                new Switchboard(
                        rooms,
                        mailroom.after(records),
                        signal,
                        CallLimits.of(
                                config.limits().ringTimeout(),
                                config.limits().maxCallDuration(),
                                config.calls().trace()),
                        ids,
                        metrics.counters(),
                        refusals,
                        ground.state()::draining);
        calls.tell(events);
        Trunks trunks =
                new Trunks(
                        signal,
                        sip,
                        new SecureRandom(),
                        new TrunkNews(metrics.counters(), events),
                        calls::callsOfTrunk);
        return new Heart(
                loop,
                signal,
                rooms,
                new CodeBook(store.rooms(), ground.blocking()),
                RoomDirectory.single(),
                records,
                calls,
                refusals,
                events,
                mailroom,
                secrets,
                new Dialplan(List.of(), List.of()),
                trunks,
                relay,
                numbers,
                metrics);
    }

    private static Mailroom mailroom(Ground ground, EventBus events, Metrics metrics) {
        return new Mailroom(
                ground.store(),
                events,
                formats(ground.store()),
                new GuardedHttp(),
                metrics.counters(),
                ground.clock());
    }

    /** How webhooks are told, by the name of it. */
    private static Map<String, Format> formats(Store store) {
        return Map.of(
                "standard",
                Format.STANDARD,
                "100ms",
                new HundredMsFormat(),
                "videosdk",
                new VideoSdkFormat(new WebhookKey(store.serverKeys())),
                EndReport.NAME,
                new EndReport(store.passthrough()));
    }

    private static MediaRelay relay(RoomlineConfig config) {
        RoomlineConfig.Media media = config.media();
        return NettyMediaRelay.start(
                new MediaSettings(
                        config.network().bind(),
                        config.network().publicAddresses(),
                        media.rtpPorts().first(),
                        media.rtpPorts().last(),
                        media.webrtcPort(),
                        media.loops(),
                        media.codecs(),
                        media.opusComplexity(),
                        switch (media.passthrough()) {
                            case AUTO -> PassThroughPolicy.AUTO;
                            case ALWAYS -> PassThroughPolicy.ALWAYS;
                            case NEVER -> PassThroughPolicy.NEVER;
                        },
                        new EnhancementWishes(media.noiseSuppression(), media.autoGain()),
                        media.silenceTimeout()));
    }

    LiveNumbers now() {
        return Objects.requireNonNull(numbers.get()).get();
    }

    /** Who lives by trunks and routes, and is told when they change. */
    Plan plan(Store store) {
        Plan.Follower inbound =
                (trunks, routes) -> {
                    CompletableFuture<Void> inForce = new CompletableFuture<>();
                    secrets().hide(Declared.secretHeaders(trunks));
                    signal().executeSurely(
                                    () -> {
                                        dialplan().replace(trunks, routes);
                                        inForce.complete(null);
                                    });
                    return inForce;
                };
        Plan.Follower outbound = (trunks, _) -> trunks().replace(trunks);
        return new Plan(store, List.of(inbound, outbound));
    }
}
