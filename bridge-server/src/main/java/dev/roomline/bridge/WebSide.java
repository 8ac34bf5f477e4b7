package dev.roomline.bridge;

import dev.roomline.bridge.api.LiveSide;
import dev.roomline.bridge.api.Pages;
import dev.roomline.bridge.api.WebServer;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Version;
import dev.roomline.bridge.console.Console;
import dev.roomline.bridge.entry.AccountEntries;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.entry.KeyEntries;
import dev.roomline.bridge.entry.Plan;
import dev.roomline.bridge.entry.Reload;
import dev.roomline.bridge.entry.RouteEntries;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.entry.TrunkStates;
import dev.roomline.bridge.entry.WebhookEntries;
import dev.roomline.bridge.inbound.AccountRegistrar;
import dev.roomline.bridge.peer.SessionRoute;
import dev.roomline.bridge.peer.SipWebSockets;
import dev.roomline.bridge.peer.WebSocketSessions;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.PostedRooms;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.trunk.TrunkState;
import dev.roomline.sip.transport.SipSignalling;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is behind HTTP: the API's live side, what operators enter, browsers' sessions, the pages.
 * Built by who starts the server; afterwards on virtual threads.
 */
final class WebSide {
    private final Ground ground;
    private final Heart heart;
    private final SipSignalling sip;

    WebSide(Ground ground, Heart heart, SipSignalling sip) {
        this.ground = ground;
        this.heart = heart;
        this.sip = sip;
    }

    /**
     * @param registrar forgets phones, and knows which are registered
     */
    WebServer server(Plan plan, AccountRegistrar registrar, Reload reload) {
        Joining joining = joining();
        return new WebServer(
                ground.config(),
                ground.store(),
                live(joining, reload),
                desk(plan, registrar),
                heart.secrets(),
                pages(joining),
                heart.metrics(),
                ground.clock(),
                Version.current());
    }

    private Joining joining() {
        return new Joining(
                heart.rooms(),
                heart.codes(),
                heart.directory(),
                heart.signal(),
                this::closed,
                heart.metrics().counters());
    }

    private Joining.Closed closed() {
        if (ground.state().draining()) {
            return Joining.Closed.DRAINING;
        }
        return ground.state().overloadedBecause().isEmpty()
                ? Joining.Closed.NO
                : Joining.Closed.OVERLOADED;
    }

    private LiveSide live(Joining joining, Reload reload) {
        return new LiveSide(
                new PostedRooms(heart.rooms(), joining, heart.signal()),
                heart.calls().live(),
                heart.refusals(),
                heart::now,
                ground.state(),
                heart.events(),
                heart.mailroom().formats(),
                heart.mailroom()::wake,
                reload);
    }

    private Pages pages(Joining joining) {
        RoomlineConfig config = ground.config();
        WebSocketSessions sessions =
                new WebSocketSessions(
                        heart.signal(),
                        heart.rooms(),
                        joining,
                        new JoinTokens(ground.store().apiKeys(), ground.clock()),
                        ground.blocking(),
                        config.http().iceServers(),
                        heart.calls().live(),
                        config.limits().ringTimeout());
        int sipPort = config.sip().udp() != 0 ? config.sip().udp() : config.sip().tcp();
        Console console = new Console(sipPort);
        return new Pages(
                console.start(), console.room(), console.docs(), console.asset(), sessions, sip());
    }

    private Optional<SessionRoute> sip() {
        return ground.config().sip().ws()
                ? Optional.of(new SipWebSockets(heart.signal(), sip.webSockets()))
                : Optional.empty();
    }

    private Desk desk(Plan plan, AccountRegistrar registrar) {
        Store store = ground.store();
        return new Desk(
                new AccountEntries(
                        store.accounts(), ground.config().sip().realm(), registrar::forget),
                registrar::registered,
                new KeyEntries(store.apiKeys()),
                new RouteEntries(store, plan),
                new TrunkEntries(store.trunks(), plan),
                () -> heart.trunks().states().thenApply(WebSide::trunkStates),
                new WebhookEntries(store.webhooks(), heart.mailroom()::changed));
    }

    private static Map<String, TrunkStates.State> trunkStates(Map<String, TrunkState> live) {
        Map<String, TrunkStates.State> states = new HashMap<>();
        live.forEach(
                (id, state) ->
                        states.put(
                                id,
                                new TrunkStates.State(
                                        state.health().label(),
                                        state.registered(),
                                        state.activeCalls(),
                                        state.lastError())));
        return states;
    }
}
