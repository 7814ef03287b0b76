package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.deploy.DeployScript.Ended;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/deploy} says where it failed, why, and how to go on; what it must not change it does not touch. */
@Tag("scripts-and-pages")
class DeployFailureTest extends DeployedProject {

    private static final FakeReply DENIED = FakeReply.error("PERMISSION_DENIED: you may not do that");

    @Test
    void change_thatFails_namesStepCommandAndHowToGoOn() {
        script.faults.put("gcloud compute url-maps create", call -> Optional.of(DENIED));

        Ended ended = deploy("all");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("the step load-balancer failed at the URL map token-service")
                .contains("gcloud compute url-maps create token-service --default-service=token-service-backend")
                .contains("PERMISSION_DENIED: you may not do that")
                .contains("your account needs a role on my-project")
                .contains("scripts/deploy load-balancer mtls verify --project=my-project")
                .contains("--pool-name='My widgets'\\'' pool'");
        assertThat(script.changes()).endsWith("gcloud compute url-maps create");

        script.faults.clear();
        script.calls.clear();
        assertThat(deploy("all").status()).isZero();
        assertThat(script.changes()).startsWith("gcloud compute url-maps create");
    }

    @Test
    void question_thatFails_isNotTakenForAbsence() {
        script.faults.put("gcloud iam service-accounts describe", call -> Optional.of(DENIED));

        Ended ended = deploy("all");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("the step project failed at the service account " + ACCOUNT);
        assertThat(script.changes()).containsExactly("gcloud services enable");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100})
    void change_somethingNewNotKnownYet_isRepeatedWithinBounds(int times) {
        int[] left = {times};
        script.faults.put(
                "gcloud iam service-accounts add-iam-policy-binding",
                call -> left[0]-- > 0
                        ? Optional.of(
                                FakeReply.error("INVALID_ARGUMENT: Service account " + ACCOUNT + " does not exist."))
                        : Optional.empty());

        Ended ended = deploy("project");

        assertThat(ended.status()).as(ended.all()).isEqualTo(times == 2 ? 0 : 1);
        assertThat(script.calls)
                .filteredOn(call -> call.words().get(0).equals("sleep"))
                .hasSize(times == 2 ? 2 : 5);
    }

    @Test
    void disabledPool_isNotSwitchedOn() {
        deployed();
        script.cloud.resource("iam workload-identity-pools", "my-pool").put("disabled", "True");

        Ended ended = deploy("app");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("it is disabled").contains("--no-disabled");
        assertThat(script.changes()).isEmpty();
    }

    @Test
    void certificate_forAnotherName_isNotTouchedAndTheRemedyNamed() {
        deployed();

        Ended ended = deploy("load-balancer", "--fqdn", "other.example.com");

        assertThat(ended.status()).isEqualTo(64);

        script.cloud.resource("compute ssl-certificates", "token-service").put("managed.domains[0]", "old.example.com");
        ended = deploy("load-balancer");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("--certificate=token-service-2");
        assertThat(deploy("load-balancer", "--certificate=token-service-2").status())
                .isZero();
        assertThat(script.changes())
                .containsExactly(
                        "gcloud compute ssl-certificates create", "gcloud compute target-https-proxies update");
    }

    @Test
    void verify_certificateNotIssuedYet_saysToWait() {
        deployed();
        script.cloud.resource("compute ssl-certificates", "token-service").put("managed.status", "PROVISIONING");

        Ended ended = deploy("verify");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("Google has not issued it yet").contains("wait");
    }

    @Test
    void verify_nameElsewhere_saysWhichRecord() {
        deployed();
        script.faults.put("getent ahostsv4", call -> Optional.of(FakeReply.ok("198.51.100.1 STREAM x")));

        Ended ended = deploy("verify");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("it is 198.51.100.1, but must be " + FakeCloud.ADDRESS)
                .contains("token-service.example.com. A " + FakeCloud.ADDRESS);
    }

    @Test
    void verify_anotherIssuer_isNamed() {
        deployed();
        script.faults.put("curl -sS", call -> Optional.of(FakeReply.ok("{\"issuer\":\"https://run.example.com\"}")));

        Ended ended = deploy("verify");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("its issuer is not https://token-service.example.com")
                .contains("TOKEN_ISSUER");
    }

    @Test
    void image_ofChangedFiles_isNotBuilt() {
        deployed();
        script.cloud.resources.keySet().removeIf(key -> key.startsWith("artifacts"));
        script.faults.put("git status", call -> Optional.of(FakeReply.ok(" M pom.xml")));

        Ended ended = deploy("app");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("commit the changes, or set --image");
        script.calls.clear();
        assertThat(deploy("app", "--image=registry.example.com/token-service:1").status())
                .isZero();
        assertThat(script.changes()).containsExactly("gcloud run services replace");
    }
}
