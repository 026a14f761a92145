import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form } from 'antd';
import { cadastralProblem } from './cadastral';
import { CadastralInput } from './CadastralInput';

const maxNumbers = 50;

/** The cadastral numbers of the objects or of their block, one line each. They may be left out. */
export function CadastralNumbers() {
  const form = Form.useFormInstance();
  const list = ['text', 'cadastralNumbers'];
  return (
    <Form.List name={list}>
      {(fields, { add, remove }) => (
        <div role="group" aria-label="Кадастровые номера" className="form-group">
          <div className="form-label">Кадастровые номера</div>
          <div className="note">
            Объекта или кадастрового квартала, если известны. Двоеточия ставятся сами. Список номеров можно вставить
            целиком: каждый встанет в свою строку.
          </div>
          {fields.map(({ key, name }) => (
            <div key={key} className="cadastral-line">
              <Form.Item name={name} rules={[{ validator: checkNumber }]} validateTrigger="onBlur">
                <CadastralInput
                  label={`Кадастровый номер ${name + 1}`}
                  onList={(numbers) => {
                    if (fields.length - 1 + numbers.length > maxNumbers) return false;
                    form.setFieldValue([...list, name], numbers[0]);
                    form.setFields([{ name: [...list, name], errors: [] }]);
                    numbers.slice(1).forEach((number, i) => add(number, name + 1 + i));
                    return true;
                  }}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={`Убрать кадастровый номер ${name + 1}`}
                onClick={() => remove(name)}
              />
            </div>
          ))}
          {fields.length < maxNumbers && (
            <Button icon={<PlusOutlined />} onClick={() => add('')}>
              Добавить номер
            </Button>
          )}
        </div>
      )}
    </Form.List>
  );
}

function checkNumber(_: unknown, number: string | undefined): Promise<void> {
  const problem = cadastralProblem(number);
  return problem ? Promise.reject(new Error(problem)) : Promise.resolve();
}
