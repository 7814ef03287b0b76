package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.ClientIdAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy may say of relying parties, beside which settings. */
class RelyingPartiesTest {

    private static final String PROVIDER =
            "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider";
    private static final Audiences WITH_PROVIDER =
            new Audiences(Optional.empty(), Optional.of(PROVIDER), List.of(), Optional.of(PROVIDER));

    @TempDir
    Path folder;

    private PolicyFile file(String relyingParties, Audiences settings) throws IOException {
        Path file = Files.writeString(
                folder.resolve("policy.yml"),
                "version: 1\n\nrelyingParties:\n" + relyingParties + "\nrules: allow-all\n");
        return new PolicyFile(
                file,
                new PolicyContext(
                        ClientIdAttribute.SPIFFE_ID,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        tokens(settings)),
                Clock.systemUTC());
    }

    private static TokenSettings tokens(Audiences audiences) {
        return new TokenSettings(
                audiences, Optional.of("https://tokens.example.com"), "ES256", () -> List.of("ES256"), false);
    }

    private RelyingParties read(String relyingParties, Audiences settings) throws IOException {
        return file(relyingParties, settings).get().relyingParties().orElseThrow();
    }

    private List<String> problems(String relyingParties, Audiences settings) throws IOException {
        PolicyFile file = file(relyingParties, settings);
        String path = folder.resolve("policy.yml") + ":";
        return String.valueOf(catchThrowableOfType(UnusableFileException.class, file::get)
                        .getMessage())
                .strip()
                .lines()
                .map(line -> line.replace(path, ""))
                .toList();
    }

    @Test
    void read_google_isForTheProviderOfTheConfiguration() throws IOException {
        RelyingParties parties =
                read("  google: {profile: google}\n  aws: {profile: aws, audience: sts.amazonaws.com}", WITH_PROVIDER);

        assertThat(parties.names()).containsExactly("google", "aws");
        assertThat(parties.ofAudience(PROVIDER))
                .isEqualTo(parties.ofAudience(PROVIDER.substring("https:".length())))
                .map(RelyingParty::name)
                .contains("google");
        assertThat(parties.ofAudience("sts.amazonaws.com"))
                .contains(RelyingParty.of("aws", "sts.amazonaws.com", Profile.AWS));
        assertThat(parties.ofAudience("STS.amazonaws.com")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: {}| 4:6: audience is missing",
                "a: {audience: a b}| 4:17: must be visible ASCII",
                "a: {audience: [a]}| 4:17: must be a text, found a list",
                "a: {audience: a, profil: aws}| 4:20: the key 'profil' is unknown;",
                "a: {audience: a, profile: goggle}| 4:29: must be google or aws",
                "a/b: {audience: a}| 4:8: the relying party 'a/b' must be named",
                "a: {audience: a}, b: {audience: a}| 4:24: the audience 'a' already belongs to the relying party a",
                "a: {audience: a}, a: {audience: b}| 4:21: the key 'a' is repeated",
                "''| 4:2: must not be empty"
            })
    void relyingParty_thatIsMalformed_isToldAtItsPlace(String text, String problem) throws IOException {
        assertThat(problems(" {" + text + "}", WITH_PROVIDER))
                .anySatisfy(line -> assertThat(line).startsWith(problem));
    }

    @Test
    void audience_ofAProviderByBothNames_isOne() throws IOException {
        assertThat(problems("  a: {audience: '" + PROVIDER.substring(6) + "'}\n  b: {profile: google}", WITH_PROVIDER))
                .singleElement()
                .asString()
                .startsWith("5:6: the audience '" + PROVIDER);
    }

    @Test
    void settings_thatSayTheSame_areNamed() throws IOException {
        Audiences settings = new Audiences(Optional.of("b"), Optional.of("b"), List.of("c"), Optional.empty());

        assertThat(problems("  a: {audience: a}\n  google: {profile: google}", settings))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("relyingParties says the same as TOKEN_AUDIENCES"),
                        line -> assertThat(line).contains("TOKEN_AUDIENCE is 'b', which is the audience of no relying"),
                        line -> assertThat(line)
                                .startsWith("5:11: audience is missing, and no workload identity provider")
                                .contains("WORKLOAD_IDENTITY_POOL_ID"));
    }

    @Test
    void read_everyKey_isInForce() throws IOException {
        RelyingParty party = read("""
                  billing:
                    audience: https://billing.example.com
                    algorithm: ES256
                    keys: uploaded
                    tokenValidity: 2m
                    subject: "robots/{client.id}"
                    include: [client_id, amr]
                """, WITH_PROVIDER)
                .ofAudience("https://billing.example.com")
                .orElseThrow();

        assertThat(party.algorithm()).contains("ES256");
        assertThat(party.uploaded()).isTrue();
        assertThat(party.tokenValidity()).contains(Duration.ofMinutes(2));
        assertThat(party.subject().text()).isEqualTo("robots/{client.id}");
        assertThat(party.contents()).containsExactlyInAnyOrder(TokenContent.AMR, TokenContent.CLIENT_ID);
    }

    /** Google rotates the keys of IAM without asking anybody. */
    @Test
    void uploadedKeys_withTheSignerOfGoogle_areRefused() throws IOException {
        TokenSettings settings = tokens(WITH_PROVIDER);
        TokenSettings iam = new TokenSettings(
                settings.audiences(), settings.issuer(), settings.algorithm(), settings.algorithms(), true);
        Path file = Files.writeString(
                folder.resolve("iam.yml"),
                "version: 1\nrelyingParties:\n  a: {audience: a, keys: uploaded}\nrules: allow-all\n");
        PolicyContext none = PolicyContext.NONE;
        PolicyContext context =
                new PolicyContext(none.clientId(), List.of(), List.of(), List.of(), List.of(), Optional.empty(), iam);

        assertThatThrownBy(() -> new PolicyFile(file, context, Clock.systemUTC()).get())
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("iam.yml:3:26: keys: uploaded is not possible if IAM signs");
    }

    @Test
    void uploadedKeys_atMoreRelyingPartiesThanAKeyCanBeConfirmedFor_areRefused() throws IOException {
        StringBuilder parties = new StringBuilder();
        for (int i = 0; i <= 100; i++) {
            parties.append("  p").append(i).append(": {audience: a").append(i).append(", keys: uploaded}\n");
        }

        assertThat(problems(parties.toString(), WITH_PROVIDER))
                .containsExactly("4:3: keys: uploaded is allowed at 100 relying parties at most");
    }

    /** A command on keys has the policy, and neither the files that it names nor the settings of the service. */
    @Test
    void declaredKeys_areReadWithoutWhatThePolicyNames() throws IOException {
        Path file = Files.writeString(folder.resolve("keys.yml"), """
                version: 1
                authorities: {factory: {trustBundle: absent.pem}}
                relyingParties:
                  google: {profile: google, keys: uploaded}
                  entra: {profile: entra, audience: a, keys: uploaded}
                  billing: {audience: b}
                rules: allow-all
                """);

        DeclaredKeys declared = DeclaredKeys.read(file, "ES256");

        assertThat(declared.names()).containsExactly("google", "entra", "billing");
        assertThat(declared.uploaded()).containsExactly(Map.entry("google", "ES256"), Map.entry("entra", "RS256"));

        Files.writeString(file, "version: 1\nrelyingParties: {a: {audience: a, keys: upload}}\nrules: allow-all\n");
        assertThatThrownBy(() -> DeclaredKeys.read(file, "ES256"))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("keys.yml:2:41: must be uploaded, found 'upload'; did you mean uploaded?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audience: a, algorithm: RS512| 7:30: must be RS256 or ES256",
                "audience: a, algorithm: RS256| 7:30: there is no key for RS256",
                "audience: a, profile: entra, algorithm: ES256| 7:46: entra accepts RS256 only (https://learn.microsoft",
                "audience: a, profile: entra| 7:5: there is no key for RS256",
                "audience: a, tokenValidity: 5| 7:34: must be a text",
                "audience: a, tokenValidity: 9s| 7:34: must be a duration of 10 seconds to 12 hours",
                "audience: a, tokenValidity: 721m| 7:34: must be a duration",
                "audience: a, subject: robot| 7:28: must contain a placeholder",
                "audience: a, subject: '{client.name}'| 7:28: the placeholder {client.name} is unknown",
                "audience: a, subject: '{client.notAfter}'| 7:28: the placeholder {client.notAfter} is unknown",
                "audience: a, subject: '{device.line}'| 8:8: the relying party p reads the row of its client",
                "audience: a, subject: '{client.cn}'| 7:28: two clients could have the same subject",
                "audience: a, subject: '{client.id}{client.cn}'| 7:28: must have a literal text between",
                "audience: a, include: [cnf, nonce]| 7:34: must be client or cnf",
                "audience: a, include: all| 7:28: must be minimal, or a list of client, cnf, amr, client_id",
                "profile: google, include: minimal| 7:32: must hold client and client_id with the profile google",
                "audience: a, keys: uploadd| 7:25: must be uploaded, found 'uploadd'; did you mean uploaded?",
                "audience: a, keys: fetched| 7:25: must be uploaded, found 'fetched'",
                "audience: a, keys: [uploaded]| 7:25: must be a text",
                "audience: a, kes: uploaded| 7:19: the key 'kes' is unknown",
                "audience: a, claims: {jti: client.id}| 7:33: the claim 'jti' is reserved",
                "audience: a, claims: {line: client.nme}| 7:",
                "audience: a, claims: {line: 7}| 7:34: must be a text",
                "audience: a, claims: {'https://aws.amazon.com/tags': \"'x'\"}| 7:59: the claim https://aws.amazon.com/tags is for"
            })
    void key_thatCannotBe_isToldAtItsPlace(String members, String problem) throws IOException {
        assertThat(problems("\n\n\n p: {" + members + "}", WITH_PROVIDER))
                .anySatisfy(line -> assertThat(line).startsWith(problem));
    }

    @Test
    void limits_areToldWithTheirSource() throws IOException {
        assertThat(problems(
                        " e: {profile: entra, audience: " + "a".repeat(601) + "}\n aws: {profile: aws, audience: "
                                + "a".repeat(256) + "}\n g: {profile: google, subject: '" + "a".repeat(128)
                                + "{client.id}'}",
                        WITH_PROVIDER))
                .anySatisfy(line -> assertThat(line)
                        .contains("the audience (aud) has 601 characters, and must be at most 600 characters")
                        .contains("https://learn.microsoft.com/")
                        .contains("read on 2026-11-30"))
                .anySatisfy(line -> assertThat(line).contains("has 256 characters, and must be at most 255"))
                .anySatisfy(line -> assertThat(line).contains("the subject (sub) has 128 bytes"));
    }

    /** Whatever names clients is enough for a subject: no two clients have the same. */
    @Test
    void subject_ofWhatNamesClients_isTaken() throws IOException {
        for (String subject : List.of("{client.id}", "{client.sha256}", "robots/{client.spiffe}")) {
            assertThat(read(" a: {audience: a, subject: '" + subject + "'}", WITH_PROVIDER)
                            .names())
                    .containsExactly("a");
        }
    }

    @Test
    void settings_withoutAPolicy_amountToRelyingParties() {
        Audiences settings =
                new Audiences(Optional.of("a"), Optional.of("a"), List.of("b", "a", "c"), Optional.of(PROVIDER));

        assertThat(settings.relyingParties().all())
                .containsExactly(
                        RelyingParty.of("google", PROVIDER, Profile.GOOGLE),
                        RelyingParty.of("default", "a", Profile.GENERIC),
                        RelyingParty.of("audience-1", "b", Profile.GENERIC),
                        RelyingParty.of("audience-3", "c", Profile.GENERIC));
    }
}
