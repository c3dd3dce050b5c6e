"""What a password must not be, in words that say how to mend it; some of Django's own have no translation."""

from django.contrib.auth import password_validation as django


class TooShort(django.MinimumLengthValidator):
    def get_error_message(self):
        return f"密码太短，至少要 {self.min_length} 位。"


class TooCommon(django.CommonPasswordValidator):
    def get_error_message(self):
        return "这个密码太常见，容易被人猜到，请换一个。"


class OnlyDigits(django.NumericPasswordValidator):
    def get_error_message(self):
        return "密码不能全是数字，请加上字母。"


class LikeThePerson(django.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return "密码和您的邮箱或姓名太像，容易被人猜到，请换一个。"
