package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.Rules.Ruling;
import dev.tokenservice.policy.cel.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A subject never belongs to two owners, whatever policy is accepted, and whatever names its clients have. */
class SubjectPropertiesTest {

    private static final List<String> PARTS =
            List.of("{client.id}", "{client.cn}", "{client.o}", "{device.id}", "{device.line}", "/", "@", "a", "-");
    private static final List<String> VALUES = List.of("a", "b", "a/a", "a@b", "b@a/a", "-");
    private static final List<String> MATCHES = List.of(
            "in: {devices: client.id}",
            "in: {devices: client.o}",
            "in: {others: client.id}",
            "in: {devices: {key: client.id, as: device}, others: {key: client.o, as: other}}",
            "flow: f");

    @TempDir
    private Path folder;

    private final Random random = new Random(7);

    /** To whom a subject belongs: one client id, or one row of a set. */
    private record Owner(String kind, String key) {}

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String text() {
        String subject = IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> one(PARTS))
                .collect(Collectors.joining());
        String rules = IntStream.range(0, 2)
                .mapToObj(i ->
                        "- {name: r%d, match: {cn: [%s, '%s'], authority: default, %s}, allow: {relyingParties: [p]}}%n"
                                .formatted(i, i == 0 ? "a" : "b", one(VALUES), one(MATCHES)))
                .collect(Collectors.joining());
        return "version: 1\nrelyingParties: {p: {audience: a, subject: '" + subject + "'}}\n"
                + "sets: {devices: {file: devices.csv, key: id}, others: {file: others.csv, key: id}}\nrules:\n"
                + rules;
    }

    private Optional<Policy> policy(String text) throws IOException {
        try {
            return Optional.of(new PolicyFile(
                            Files.writeString(folder.resolve("policy.yml"), text),
                            PolicyContext.NONE,
                            Clock.systemUTC())
                    .get());
        } catch (UnusableFileException e) {
            return Optional.empty();
        }
    }

    private static ClientFacts client(String id, String cn, String o) {
        Map<ClientAttribute, Attribute<?>> client = Map.of(
                ClientAttribute.ID, Attribute.of(id),
                ClientAttribute.SPIFFE, Attribute.of(id),
                ClientAttribute.CN, Attribute.of(cn),
                ClientAttribute.O, Attribute.of(o),
                ClientAttribute.AUTHORITY, Attribute.of("default"),
                ClientAttribute.FLOW, Attribute.of("f"));
        return new ClientFacts(attribute -> client.getOrDefault(attribute, Attribute.absent()), Set.of());
    }

    /** The owners of the subject of each client that gets one; all clients of a policy have ids of their own. */
    private static Map<String, Set<Owner>> owners(Policy policy) {
        RelyingParty party = policy.relyingParties().orElseThrow().all().get(0);
        Map<String, Set<Owner>> owners = new HashMap<>();
        for (String id : VALUES) {
            for (String cn : VALUES) {
                for (String o : VALUES) {
                    ClientFacts client = client(id, cn, o);
                    Ruling ruling = policy.rules()
                            .orElseThrow()
                            .decide(client, new Facts.Request("a", "p", List.of(), Attribute.absent()), Instant.EPOCH);
                    if (ruling.isAllowed()) {
                        note(owners, party, client, ruling, id);
                    }
                }
            }
        }
        return owners;
    }

    private static void note(
            Map<String, Set<Owner>> owners, RelyingParty party, ClientFacts client, Ruling ruling, String id) {
        Map<String, String> row = ruling.rows().getOrDefault("device", Map.of());
        try {
            String subject = party.subject().of(client, row);
            Owner owner = party.subject().ofClient()
                    ? new Owner("client", id)
                    : new Owner("row of " + row.get("set"), String.valueOf(row.get("id")));
            owners.computeIfAbsent(subject, unused -> new HashSet<>()).add(owner);
        } catch (RefusedException e) {
            // Nobody gets this subject.
        }
    }

    @Test
    void subject_ofAnyAcceptedPolicy_hasOneOwner() throws IOException {
        for (String set : List.of("devices", "others")) {
            List<String> rows = new ArrayList<>(List.of("id,line,set"));
            VALUES.forEach(value -> rows.add(value + "," + one(VALUES) + "," + set));
            Files.writeString(folder.resolve(set + ".csv"), String.join("\n", rows) + "\n");
        }
        int accepted = 0;
        int issued = 0;
        for (int i = 0; i < 1_500; i++) {
            String text = text();
            Optional<Policy> policy = policy(text);
            if (policy.isPresent()) {
                accepted++;
                Map<String, Set<Owner>> owners = owners(policy.get());
                issued += owners.size();
                assertThat(owners)
                        .describedAs(text)
                        .allSatisfy((subject, all) -> assertThat(all).hasSize(1));
            }
        }
        assertThat(accepted).isGreaterThan(100);
        assertThat(issued).isGreaterThan(200);
    }
}
