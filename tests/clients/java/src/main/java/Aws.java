import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenRequest;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenWithIamRequest;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientRequest;
import software.amazon.awssdk.services.ssooidc.model.SsoOidcException;
import software.amazon.awssdk.services.ssooidc.model.StartDeviceAuthorizationRequest;

/** Sends each task through software.amazon.awssdk:ssooidc; see words.ts for what comes in and goes out. */
public final class Aws {
  record Task(
      String id,
      String endpoint,
      String operation,
      Map<String, Object> request,
      Map<String, String> credentials) {}

  record Answer(String id, String seen, String said) {}

  public static void main(String[] args) throws IOException {
    Gson gson = new Gson();
    Map<String, String> self = Map.of("client", "aws-sdk-java-v2", "version", VersionInfo.SDK_VERSION);
    System.out.println(gson.toJson(self));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(gson.toJson(answer(gson.fromJson(line, Task.class))));
    }
  }

  private static Answer answer(Task task) {
    try (SsoOidcClient client = clientOf(task)) {
      String proof = send(client, task);
      return new Answer(task.id, proof == null || proof.isEmpty() ? "nothing" : "granted", "");
    } catch (SsoOidcException exception) {
      return new Answer(task.id, exception.getClass().getSimpleName(), exception.getMessage());
    } catch (SdkException exception) {
      return new Answer(task.id, "no answer", exception.getMessage());
    }
  }

  private static String send(SsoOidcClient client, Task task) {
    return switch (task.operation) {
      case "CreateToken" ->
          client.createToken(filled(CreateTokenRequest.builder(), task).build()).accessToken();
      case "CreateTokenWithIAM" ->
          client.createTokenWithIAM(filled(CreateTokenWithIamRequest.builder(), task).build()).accessToken();
      case "RegisterClient" ->
          client.registerClient(filled(RegisterClientRequest.builder(), task).build()).clientId();
      case "StartDeviceAuthorization" ->
          client
              .startDeviceAuthorization(filled(StartDeviceAuthorizationRequest.builder(), task).build())
              .deviceCode();
      default -> throw new IllegalArgumentException(task.operation);
    };
  }

  private static SsoOidcClient clientOf(Task task) {
    Map<String, String> given = task.credentials == null ? Map.of() : task.credentials;
    AwsSessionCredentials credentials =
        AwsSessionCredentials.create(
            given.getOrDefault("accessKeyId", "none"),
            given.getOrDefault("secretAccessKey", "none"),
            given.getOrDefault("sessionToken", "none"));
    return SsoOidcClient.builder()
        .endpointOverride(URI.create(task.endpoint))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .build();
  }

  /** The members of the request, set by their names on the wire. */
  private static <B extends SdkPojo> B filled(B builder, Task task) {
    for (SdkField<?> field : builder.sdkFields()) {
      Object value = task.request.get(field.locationName());
      if (value != null) {
        field.set(builder, value);
      }
    }
    return builder;
  }
}
